import { publicPath } from '@meridian/shared-types';
import { anchorsOf } from '@meridian/shared-types/checklist';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FakeCms, FakeEntry } from '../../../test/fake-cms.ts';
import { testEntries, testLibrary } from '../../../test/library.ts';
import { assemblePages } from './assemble.ts';

const day = '2026-01-01T00:00:00.000Z';
const needlesPath = '/articles/needles/';

let entries: FakeCms['entries'];

beforeEach(async () => {
  entries = await testEntries();
});

function pages() {
  return assemblePages(testLibrary(entries).library);
}

function article(slug: string) {
  const found = pages().articles.find(({ view }) => view.path === `/articles/${slug}/`);
  if (found === undefined) throw new Error(`There is no article ${slug}.`);
  return found.view;
}

/** A problem whose text has this part. */
function containing(text: string): unknown {
  return expect.objectContaining({ text: expect.stringContaining(text) as unknown });
}

function change(entry: FakeEntry | undefined, values: FakeEntry): void {
  Object.assign(entry ?? {}, values);
}

const graphSchema = z.object({ '@graph': z.array(z.record(z.string(), z.unknown())) });

function graphOf(jsonLd: string | null) {
  const nodes = graphSchema.parse(JSON.parse(jsonLd ?? ''))['@graph'];
  return (type: string) => nodes.find((node) => [node['@type']].flat().includes(type));
}

describe('an article', () => {
  test('has its sections with headings, ids and what they lead to', () => {
    expect(article('needles').sections).toMatchObject([
      { type: 'rich-text', id: 'how-it-works', heading: 'How it works' },
      { type: 'call-out', variant: 'urgent', id: 'call-911-if', html: '<p>It is bad.</p>\n' },
      { type: 'do-and-dont', id: 'before-a-visit', doItems: ['Eat'], dontItems: ['Rush'] },
      { type: 'faq', id: 'questions', questions: [{ id: 'does-it-hurt', question: 'Does it hurt?' }] },
      { type: 'image', picture: { alt: 'A dot', focus: 'object-center' }, caption: 'A dot.' },
      { type: 'quote', paragraphs: ['It helped.'], attribution: 'A test' },
      { type: 'call-to-action', label: 'Call (555) 010-0100', href: 'tel:+15550100100' },
      { type: 'call-to-action', label: 'Ask for a consultation', href: '/consultation/?topic=acupuncture' },
    ]);
  });

  test('has a table of contents of two levels, with the references last', () => {
    expect(article('needles').contents).toEqual([
      {
        id: 'how-it-works',
        label: 'How it works',
        children: [{ id: 'in-detail', label: 'In detail', children: [] }],
      },
      { id: 'before-a-visit', label: 'Before a visit', children: [] },
      { id: 'questions', label: 'Questions', children: [] },
      { id: 'references', label: 'References', children: [] },
    ]);
    expect(article('sciatica').contents).toEqual([]);
  });

  test('numbers its references and leads back to where they are cited', () => {
    const { references, sections } = article('needles');
    const [first] = sections;
    expect(references).toMatchObject([{ id: 'reference-1', number: 1, citedAt: ['cited-1'] }]);
    expect(first?.type === 'rich-text' ? first.html : '').toContain(
      '<a href="#reference-1" id="cited-1">[1]</a>',
    );
  });

  test('is reviewed only when both reviewer and day are stated', () => {
    expect(article('needles').review).toMatchObject({
      state: 'reviewed',
      by: { name: 'Ada Long', credentials: 'MD, PhD', href: '/providers/ada-long/' },
      on: { text: 'March 1, 2026' },
      nextDue: { iso: '2027-03-01' },
    });
    change(entries.article[0], { reviewedOn: null });
    expect(article('needles').review).toEqual({ state: 'not-reviewed' });
    expect(article('sciatica').author).toBeNull();
  });

  test('says in the clinic’s words that its review is overdue, from the day after it was due', () => {
    change(entries.clinic[0], { overdueReviewNotice: 'Ask us before you rely on it.' });
    const overdueWhenDue = (nextReviewDue: string | null) => {
      change(entries.article[0], { nextReviewDue });
      const { review, head } = article('needles');
      expect(graphOf(head.jsonLd)('MedicalWebPage')).toMatchObject({ lastReviewed: '2026-03-01' });
      return review.state === 'reviewed' ? review.overdue : 'not reviewed';
    };
    expect(overdueWhenDue('2026-11-22')).toBe('Ask us before you rely on it.');
    expect(overdueWhenDue('2026-11-23')).toBeNull();
    expect(overdueWhenDue(null)).toBeNull();
    change(entries.clinic[0], { overdueReviewNotice: null });
    expect(overdueWhenDue('2026-11-22')).toMatch(/overdue/);
  });

  test('relates to what staff chose, or else to others of its topics', () => {
    expect(article('needles').related.map(({ title }) => title)).toEqual(['Sciatica']);
    change(entries.article[0], { relatedArticles: [{ documentId: 'article-needles' }], topics: [] });
    expect(article('needles').related).toEqual([]);
  });
});

describe('structured data', () => {
  test('links page, clinic, people, breadcrumbs and questions', () => {
    const { head } = article('needles');
    const node = graphOf(head.jsonLd);
    expect(node('MedicalWebPage')).toMatchObject({
      '@id': 'https://clinic.example/articles/needles/#page',
      author: { '@id': 'https://clinic.example/providers/ada-long/#person' },
      reviewedBy: { '@id': 'https://clinic.example/providers/ada-long/#person' },
      lastReviewed: '2026-03-01',
      about: [{ '@type': 'MedicalTherapy', name: 'Acupuncture' }],
    });
    expect(node('Physician')).toMatchObject({ name: 'Ada Long', honorificSuffix: 'MD, PhD' });
    expect(node('MedicalClinic')).toMatchObject({
      telephone: '(555) 010-0100',
      address: { streetAddress: '1 Test Way' },
      openingHoursSpecification: [{ dayOfWeek: 'Monday', opens: '08:00', closes: '17:00' }, {}],
      sameAs: ['https://videos.example/clinic'],
    });
    expect(node('BreadcrumbList')?.['itemListElement']).toHaveLength(3);
    expect(node('FAQPage')).toMatchObject({
      mainEntity: [{ name: 'Does it hurt?', acceptedAnswer: { text: 'A little </script>.' } }],
    });
  });

  test('claims no review that did not happen, and no person that is not named', () => {
    const node = graphOf(article('sciatica').head.jsonLd);
    expect(node('MedicalWebPage')).not.toHaveProperty('reviewedBy');
    expect(node('MedicalWebPage')).not.toHaveProperty('lastReviewed');
    expect(node('Person')).toBeUndefined();
  });

  test('calls a provider who is no doctor a person', () => {
    change(entries.provider[0], { credentials: 'LAc' });
    expect(graphOf(article('needles').head.jsonLd)('Physician')).toBeUndefined();
  });

  test('cannot end its script element', () => {
    expect(article('needles').head.jsonLd).not.toContain('<');
  });
});

describe('a head', () => {
  test('falls back from the entry’s own words to its summary and its picture', () => {
    expect(article('needles').head).toMatchObject({
      title: 'Needles & nerves | Test Clinic',
      description: 'What <needles> do.',
      canonical: 'https://clinic.example/articles/needles/',
      robots: null,
      openGraph: {
        type: 'article',
        image: { url: 'https://clinic.example/media/dot-share.jpg', alt: 'A dot' },
      },
    });
    expect(article('sciatica').head.openGraph.image?.url).toBe(
      'https://clinic.example/media/brand-share.jpg',
    );
  });

  test('says what staff wrote for search engines', () => {
    change(entries.article[0], { seo: { title: 'Own', description: 'Words', image: null, noIndex: true } });
    expect(article('needles').head).toMatchObject({
      title: 'Own | Test Clinic',
      description: 'Words',
      robots: 'noindex',
    });
  });
});

describe('the clinic', () => {
  test('is shown with everything stated', () => {
    expect(pages().site.clinic).toMatchObject({
      telephone: { href: 'tel:+15550100100' },
      address: { lines: ['1 Test Way', 'Testville, CA 90000'] },
      hours: { summary: 'Monday and Tuesday, 8 am to 5 pm' },
      emergencyNotice: { paragraphs: ['Do not wait.'] },
    });
  });

  test('is shown with nothing but name and phone', () => {
    const empty = {
      legalName: null,
      tagline: null,
      email: null,
      address: null,
      geo: null,
      emergencyNotice: null,
      defaultSeo: null,
    };
    change(entries.clinic[0], { ...empty, openingHours: [], closures: [], areasServed: [], socialLinks: [] });
    expect(pages().site.clinic).toEqual({
      name: 'Test Clinic',
      legalName: null,
      tagline: null,
      telephone: { text: '(555) 010-0100', href: 'tel:+15550100100' },
      email: null,
      address: null,
      hours: null,
      areasServed: [],
      emergencyNotice: null,
      socialLinks: [],
      logo: null,
    });
  });
});

describe('lists', () => {
  test('are cut into pages that lead to each other', () => {
    const [first] = entries.article;
    entries.article.push(
      ...Array.from({ length: 28 }, (_, index) => ({
        ...first,
        slug: `n-${index}`,
        documentId: `n-${index}`,
      })),
    );
    const { articleLists, topics } = pages();
    expect(articleLists.map(({ view }) => [view.path, view.articles.length])).toEqual([
      ['/articles/', 12],
      ['/articles/page/2/', 12],
      ['/articles/page/3/', 6],
    ]);
    expect(articleLists[1]?.view.paging).toMatchObject({ previous: '/articles/', next: '/articles/page/3/' });
    expect(topics[0]?.map(({ view }) => view.path)).toEqual([
      '/topics/acupuncture/',
      '/topics/acupuncture/page/2/',
      '/topics/acupuncture/page/3/',
    ]);
    expect(topics[0]?.[1]?.view.html).toBeNull();
  });

  test('may be empty', () => {
    entries.article = [];
    change(entries['home-page'][0], { featuredArticles: [] });
    const { articleLists, home } = pages();
    expect(articleLists.map(({ view }) => view.articles)).toEqual([[]]);
    expect(home.view.articles).toEqual([]);
  });
});

describe('links within the site', () => {
  test('that lead nowhere stop the build, all in one message with page and words', () => {
    change(entries.article[1], {
      sections: [
        {
          __component: 'section.rich-text',
          heading: null,
          body: '[Gone](/articles/gone/) [part](/articles/needles/#gone) [here](#nowhere) [old](https://clinic.example/old)',
        },
      ],
    });
    change(entries.navigation[0], { header: [{ label: 'Shop', url: '/shop' }] });
    expect(pages).toThrow(
      expect.objectContaining({
        problems: [
          containing(
            'navigation field header.0.url: the link "Shop" leads to /shop/, but there is no such page',
          ),
          containing(
            'article "needles" field sections.0.body: the link "sciatica" leads to /articles/sciatica/#signs, but that page has no part "signs"',
          ),
          containing(
            'article "sciatica" field sections.0.body: the link "Gone" leads to /articles/gone/, but there is no such page',
          ),
          containing('the link "part" leads to /articles/needles/#gone, but that page has no part "gone"'),
          containing('the link "here" leads to #nowhere, but this page has no part "nowhere"'),
          containing('the link "old" leads to /old/, but there is no such page'),
        ],
      }),
    );
  });
});

describe('links that name an entry', () => {
  const text = (body: string) => ({ __component: 'section.rich-text', heading: null, body });
  const button = (url: string) => ({
    __component: 'section.call-to-action',
    heading: 'Read on',
    text: null,
    action: 'link',
    label: 'Legs',
    url,
  });

  beforeEach(() => {
    change(entries.article[1], { documentId: 'a1' });
    change(entries.article[0], {
      sections: [text('A [leg](entry:article/a1#signs).'), button('entry:article/a1')],
    });
    change(entries.navigation[0], { header: [{ label: 'Legs', url: 'entry:article/a1' }] });
  });

  test('lead to the page that it has today, in text, buttons and the navigation', () => {
    const shown = () => {
      const { site, articles } = pages();
      const [body, action] = articles[0]?.view.sections ?? [];
      return [body, action, site.header[0]];
    };
    expect(shown()).toMatchObject([
      { html: expect.stringContaining('href="/articles/sciatica/#signs"') as unknown },
      { href: '/articles/sciatica/' },
      { href: '/articles/sciatica/' },
    ]);
    change(entries.article[1], { slug: 'leg-pain' });
    expect(shown()).toMatchObject([
      { html: expect.stringContaining('href="/articles/leg-pain/#signs"') as unknown },
      { href: '/articles/leg-pain/' },
      { href: '/articles/leg-pain/' },
    ]);
  });

  test('stop the build where it is not published, naming entry and field', () => {
    entries.article.splice(1, 1);
    const gone = 'leads to the article with document id "a1", which is not published';
    expect(pages).toThrow(
      expect.objectContaining({
        problems: [
          containing(`navigation field header.0.url: the link "Legs" ${gone}`),
          containing(`article "needles" field sections.0.body: the link "leg" ${gone}`),
          containing(`article "needles" field sections.1.url: the link "Legs" ${gone}`),
        ],
      }),
    );
  });

  test('are told as a gap, which a preview shows instead of stopping', () => {
    entries.article.splice(1, 1);
    const { library, warnings } = testLibrary(entries);
    expect(() => assemblePages(library)).toThrow();
    expect(warnings).toContain(
      'article "needles" field sections.0.body: the link "leg" leads to the article with document id "a1", which is not published.',
    );
  });

  test('stop the build where its page has no such part', () => {
    change(entries.article[0], { sections: [text('A [leg](entry:article/a1#gone).')] });
    expect(pages).toThrow(
      expect.objectContaining({ problems: [containing('but that page has no part "gone"')] }),
    );
  });
});

describe('redirects', () => {
  const times = { createdAt: day, updatedAt: day, publishedAt: day };
  const redirect = (from: string, to: string): FakeEntry => ({
    ...times,
    documentId: from.replaceAll('/', ''),
    from,
    to,
    automatic: true,
    why: null,
  });

  beforeEach(() => {
    change(entries.article[1], { documentId: 'a1' });
  });

  test('lead to the pages that their targets have today', () => {
    entries.redirect.push(
      redirect('/old/', 'entry:article/a1#signs'),
      redirect('/older.html', '/consultation/?topic=acupuncture'),
    );
    expect(pages().redirects).toEqual([
      { from: '/old/', to: '/articles/sciatica/#signs' },
      { from: '/older.html', to: '/consultation/?topic=acupuncture' },
    ]);
  });

  test('that are of no use are left out with a warning, and stop nothing', () => {
    entries.redirect.push(
      redirect('/one/', 'entry:article/gone'),
      redirect('/articles/sciatica/', 'entry:page/x'),
      redirect('/three/', '/no-such-page/'),
      redirect('/index.html', '/consultation/'),
      redirect('/articles/sciatica/index.html', '/consultation/'),
      redirect('/search-engine.js', '/consultation/'),
    );
    const { library, warnings } = testLibrary(entries);
    expect(assemblePages(library).redirects).toEqual([]);
    expect(warnings).toEqual(
      expect.arrayContaining([
        'redirect "/one/": it is not used, for the article that it leads to is not published. Publish that, or choose another page.',
        'redirect "/articles/sciatica/": it is not used, for a page stands at that address. Delete the redirect.',
        'redirect "/three/": it is not used, for there is no page /no-such-page/. Choose another page.',
        'redirect "/index.html": it is not used, for a page stands at that address. Delete the redirect.',
        'redirect "/articles/sciatica/index.html": it is not used, for a page stands at that address. Delete the redirect.',
        'redirect "/search-engine.js": it is not used, for the site has a file of that name. Delete the redirect.',
      ]),
    );
  });

  test('keep plain links to the old address working, with their parts', () => {
    change(entries.article[0], {
      sections: [{ __component: 'section.rich-text', heading: null, body: '[a](/old/#signs) [b](/old)' }],
    });
    entries.redirect.push(redirect('/old/', 'entry:article/a1'));
    expect(() => pages()).not.toThrow();
    change(entries.article[0], {
      sections: [{ __component: 'section.rich-text', heading: null, body: '[a](/old/#gone)' }],
    });
    expect(pages).toThrow(expect.objectContaining({ problems: [containing('has no part "gone"')] }));
  });
});

describe('what cannot be shown', () => {
  test('is left out with a warning that names entry and field', () => {
    change(entries.article[1], {
      sections: [
        { __component: 'section.image', image: { ...picture(), url: '/uploads/broken.png' }, caption: null },
        {
          __component: 'section.call-to-action',
          heading: 'Go',
          text: null,
          action: 'link',
          label: null,
          url: null,
        },
        { __component: 'section.rich-text', heading: 'Signs', body: '>'.repeat(100) },
      ],
    });
    const { library, warnings } = testLibrary(entries);
    const { articles } = assemblePages(library);
    expect(articles[1]?.view.sections).toMatchObject([{ type: 'rich-text' }]);
    expect(warnings).toEqual([
      'article "sciatica" field sections.0: it is left out, for its picture cannot be shown.',
      'article "sciatica" field sections.1: it is left out, for its link has no address that is allowed.',
      expect.stringContaining(
        'article "sciatica" field sections.2.body: the text is shown as it is written, for it nests',
      ),
    ]);
  });
});

function picture(): FakeEntry {
  return z.record(z.string(), z.unknown()).parse(entries.article[0]?.['heroImage']);
}

test('every page has a path, a head and, but for the home page, breadcrumbs that end in itself', () => {
  for (const { view } of pages().all) {
    expect(view.breadcrumbs.at(-1)?.href ?? '/').toBe(view.path);
    expect(view.head.description).not.toBe('');
  }
  expect(pages().articles.map(({ view }) => view.path)).toContain(needlesPath);
});

describe('the places that the checklist knows of', () => {
  test('are those that the pages have', () => {
    change(entries.article[0], {
      references: [{ title: 'A', publisher: 'B', year: null, url: 'https://a.example/' }],
      sections: [
        {
          __component: 'section.rich-text',
          heading: 'Rest',
          body: '### Sleep\n\nOnce[^1], twice [[1]](#reference-1).\n\n> ### Sleep\n\n- ### In a *list*\n\n### Main\n\n[^1]: A note.',
        },
        { __component: 'section.call-out', variant: 'info', heading: 'Rest', body: '#### Ça va?' },
        {
          __component: 'section.faq',
          heading: 'Text',
          questions: [{ question: 'Why?', answer: '### Sleep' }],
        },
        { __component: 'section.quote', text: '### No heading', attribution: null },
        { __component: 'section.rich-text', heading: null, body: '## 5 things\n\n<h2>No</h2>\n\nText\n---' },
      ],
    });
    const { all: assembled } = pages();
    const types = {
      article: entries.article,
      topic: entries.topic,
      provider: entries.provider,
      page: entries.page,
    };
    for (const [type, all] of Object.entries(types)) {
      for (const entry of all) {
        const path = publicPath(type, String(entry['slug']));
        const page = assembled.find(({ view }) => view.path === path);
        const anchors = anchorsOf(type, entry);
        expect(anchors.filter((id) => page?.hasId(id) !== true)).toEqual([]);
        const shown = JSON.stringify(page?.view).matchAll(/ id=\\"([^"\\]+)\\"/g);
        const others = [...shown].map(([, id = '']) => id).filter((id) => !anchors.includes(id));
        expect(others.filter((id) => !/(?:note|cited)-\d/.test(id))).toEqual([]);
      }
    }
  });
});
