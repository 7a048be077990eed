import type { Article, Clinic, Provider, Topic } from '@meridian/shared-types';
import type { Breadcrumb, SectionView, Site } from '../../content/views.ts';
import { absoluteUrl, providerPath, topicPath } from '../../paths.ts';
import { plainTextOf } from './plain-text.ts';

export type PageKind =
  'WebPage' | 'MedicalWebPage' | 'CollectionPage' | 'ContactPage' | 'ProfilePage' | 'SearchResultsPage';

/** What a page says of itself in structured data; only what it shows to readers too. */
export interface GraphPage {
  kind: PageKind;
  path: string;
  title: string;
  description: string;
  breadcrumbs: readonly Breadcrumb[];
  image: string | null;
  sections: readonly SectionView[];
  article: {
    article: Article;
    author: Provider | null;
    reviewer: Provider | null;
    topics: readonly Topic[];
  } | null;
  provider: Provider | null;
  topic: Topic | null;
}

type Node = Readonly<Record<string, unknown>>;

/** One linked graph of the page, the clinic and the site, serialised so that it may stand inside a script element. */
export function jsonLd(page: GraphPage, site: Site, clinic: Clinic, siteUrl: string): string {
  const id = (path: string, name: string) => `${absoluteUrl(siteUrl, path)}#${name}`;
  const reference = (path: string, name: string): Node => ({ '@id': id(path, name) });
  const people = [page.article?.author, page.article?.reviewer, page.provider].filter(
    (person) => person !== null && person !== undefined,
  );
  const questions = page.sections.flatMap((section) => (section.type === 'faq' ? section.questions : []));

  const webPage: Node = {
    '@type': page.kind,
    '@id': id(page.path, 'page'),
    url: absoluteUrl(siteUrl, page.path),
    name: page.title,
    description: page.description,
    inLanguage: site.language,
    isPartOf: reference('/', 'website'),
    ...(page.breadcrumbs.length > 0 && { breadcrumb: reference(page.path, 'breadcrumbs') }),
    ...(page.image !== null && { primaryImageOfPage: page.image }),
    ...(page.article !== null && articlePart(page.article)),
    ...(page.provider !== null && { mainEntity: reference(providerPath(page.provider.slug), 'person') }),
    ...(page.topic !== null && { about: topicNode(page.topic) }),
    ...(page.kind === 'ContactPage' && { mainEntity: reference('/', 'clinic') }),
  };

  const graph: Node[] = [
    webPage,
    {
      '@type': 'WebSite',
      '@id': id('/', 'website'),
      url: absoluteUrl(siteUrl, '/'),
      name: clinic.name,
      inLanguage: site.language,
      publisher: reference('/', 'clinic'),
    },
    clinicNode(),
    ...[...new Set(people)].map(personNode),
    ...(page.breadcrumbs.length === 0 ? [] : [breadcrumbNode()]),
    ...(questions.length === 0 ? [] : [faqNode()]),
  ];
  return serialise({ '@context': 'https://schema.org', '@graph': graph });

  function articlePart({ article, author, reviewer, topics }: NonNullable<GraphPage['article']>): Node {
    const reviewed = reviewer !== null && article.reviewedOn !== null;
    return {
      author: author === null ? reference('/', 'clinic') : reference(providerPath(author.slug), 'person'),
      publisher: reference('/', 'clinic'),
      dateModified: article.updatedAt,
      ...(reviewed && {
        reviewedBy: reference(providerPath(reviewer.slug), 'person'),
        lastReviewed: article.reviewedOn,
      }),
      ...(topics.length > 0 && { about: topics.map(topicNode) }),
    };
  }

  function topicNode(topic: Topic): Node {
    return {
      '@type': topic.kind === 'condition' ? 'MedicalCondition' : 'MedicalTherapy',
      name: topic.name,
      url: absoluteUrl(siteUrl, topicPath(topic.slug)),
    };
  }

  function clinicNode(): Node {
    const { address, geo } = clinic;
    const { address: shownAddress, logo } = site.clinic;
    const social = site.clinic.socialLinks.filter(({ external }) => external).map(({ href }) => href);
    return {
      '@type': 'MedicalClinic',
      '@id': id('/', 'clinic'),
      url: absoluteUrl(siteUrl, '/'),
      name: clinic.name,
      telephone: clinic.telephone,
      ...(clinic.legalName !== null && { legalName: clinic.legalName }),
      ...(clinic.tagline !== null && { slogan: clinic.tagline }),
      ...(clinic.email !== null && { email: clinic.email }),
      ...(address !== null &&
        shownAddress !== null && { address: { '@type': 'PostalAddress', ...stated(address) } }),
      ...(geo !== null &&
        shownAddress !== null && {
          geo: { '@type': 'GeoCoordinates', latitude: geo.latitude, longitude: geo.longitude },
        }),
      ...(clinic.openingHours.length > 0 && {
        openingHoursSpecification: clinic.openingHours.map(({ dayOfWeek, opens, closes }) => ({
          '@type': 'OpeningHoursSpecification',
          dayOfWeek,
          opens: opens.slice(0, 5),
          closes: closes.slice(0, 5),
        })),
      }),
      ...(clinic.areasServed.length > 0 && { areaServed: clinic.areasServed.map(({ text }) => text) }),
      ...(logo !== null && { logo: absoluteUrl(siteUrl, logo.src) }),
      ...(social.length > 0 && { sameAs: social }),
    };
  }

  function personNode(provider: Provider): Node {
    return {
      '@type': isPhysician(provider) ? ['Person', 'Physician'] : 'Person',
      '@id': id(providerPath(provider.slug), 'person'),
      url: absoluteUrl(siteUrl, providerPath(provider.slug)),
      name: provider.name,
      worksFor: reference('/', 'clinic'),
      ...(provider.credentials !== null && { honorificSuffix: provider.credentials }),
      ...(provider.jobTitle !== null && { jobTitle: provider.jobTitle }),
      ...(page.provider === provider && {
        ...(page.image !== null && { image: page.image }),
        ...(provider.specialties.length > 0 && { knowsAbout: provider.specialties.map(({ text }) => text) }),
        ...(provider.languages.length > 0 && { knowsLanguage: provider.languages.map(({ text }) => text) }),
        ...(provider.boardCertifications.length > 0 && {
          hasCredential: provider.boardCertifications.map(({ text }) => ({
            '@type': 'EducationalOccupationalCredential',
            name: text,
          })),
        }),
      }),
    };
  }

  function breadcrumbNode(): Node {
    return {
      '@type': 'BreadcrumbList',
      '@id': id(page.path, 'breadcrumbs'),
      itemListElement: page.breadcrumbs.map(({ label, href }, index) => ({
        '@type': 'ListItem',
        position: index + 1,
        name: label,
        item: absoluteUrl(siteUrl, href),
      })),
    };
  }

  function faqNode(): Node {
    return {
      '@type': 'FAQPage',
      '@id': id(page.path, 'questions'),
      isPartOf: reference(page.path, 'page'),
      mainEntity: questions.map(({ question, html }) => ({
        '@type': 'Question',
        name: question,
        acceptedAnswer: { '@type': 'Answer', text: plainTextOf(html) },
      })),
    };
  }
}

/** JSON that may stand inside a script element: nothing in it can end the element or begin a comment. */
export function serialise(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Doctors of medicine, osteopathic medicine and podiatry; other providers are persons. */
function isPhysician({ credentials }: Provider): boolean {
  return credentials !== null && /(?:^|[\s,])(?:M\.?D|D\.?O|D\.?P\.?M)\.?(?=$|[\s,])/.test(credentials);
}

function stated(fields: Readonly<Record<string, unknown>>): Node {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
