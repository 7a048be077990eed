/**
 * View models: everything that a page or component shows, ready to be printed. The boundary between content and
 * design. Rules that hold for all of them:
 * - what may be empty is `null` or `[]`, never missing;
 * - `html` is sanitised and may be printed with `set:html`; every other string is plain text;
 * - `href` is a finished address (paths of the site end with a slash);
 * - no heading in any `html` is an h1; its levels continue those named at the field.
 *
 * Who makes them (`queries.ts`). Pages with parameters: `export const getStaticPaths = articlePages;` and
 * `const { site, view } = Astro.props;`. Pages without: `const { site, view } = await homePage();`.
 * - `index.astro` homePage, `consultation.astro` consultationPage, `consultation/received.astro` receivedPage, `search.astro` searchPage, `404.astro` notFoundPage
 * - `articles/index.astro` articleListPage, `articles/page/[page].astro` articleListPages, `articles/[slug].astro`
 *   articlePages
 * - `topics/index.astro` topicListPage, `topics/[slug]/index.astro` topicPages, `topics/[slug]/page/[page].astro`
 *   topicListPages
 * - catalogs such as `providers/index.astro` listPage, `providers/[slug].astro` entryPages, `[slug].astro` genericPages
 */

/** A link. `external` ones lead away from the site. */
export interface LinkView {
  label: string;
  href: string;
  external: boolean;
}

/** A calendar day: `iso` is `2026-11-23` for `<time datetime>`, `text` is `November 23, 2026`. */
export interface DateView {
  iso: string;
  text: string;
}

/** Class that places the part of a picture that must stay visible when it is cropped (`object-fit: cover`). */
export type FocusClass =
  | 'object-center'
  | 'object-top'
  | 'object-bottom'
  | 'object-left'
  | 'object-left-top'
  | 'object-left-bottom'
  | 'object-right'
  | 'object-right-top'
  | 'object-right-bottom';

/** One `<source>`: `type` is the mime type, `srcset` has widths (`/media/x-400.avif 400w, ...`). */
export interface PictureSource {
  type: 'image/avif' | 'image/webp';
  srcset: string;
}

/**
 * A processed picture. `sources` come best first; `src` is the fallback of the `<img>`. `width` and `height` are the
 * pixels of the largest version and give the ratio. `sizes` and `loading` are the component's choice. `alt` is empty for
 * decoration only.
 */
export interface Picture {
  sources: readonly PictureSource[];
  src: string;
  width: number;
  height: number;
  alt: string;
  caption: string | null;
  focus: FocusClass;
}

/** A step of the breadcrumbs. The last one is the page itself. */
export interface Breadcrumb {
  label: string;
  href: string;
}

/** The picture that a shared link shows. `url` is absolute. */
export interface ShareImage {
  url: string;
  type: string;
  width: number;
  height: number;
  alt: string;
}

/** What goes into `<head>`. `title` is the whole document title. */
export interface Head {
  title: string;
  description: string;
  canonical: string;
  /** For `<meta name="robots">`, such as `noindex`; null: no such tag. */
  robots: string | null;
  openGraph: {
    type: 'website' | 'article' | 'profile';
    title: string;
    description: string;
    url: string;
    siteName: string;
    locale: string;
    image: ShareImage | null;
  };
  /** Serialised and escaped: print with `set:html` in `<script type="application/ld+json">`. Null: nothing to say. */
  jsonLd: string | null;
}

/** `text` as the clinic writes it, `href` with `tel:`. */
export interface Telephone {
  text: string;
  href: string;
}

/** Consecutive days with the same times, such as `Monday to Friday`, [`8 am to 5 pm`]. Empty `times`: closed. */
export interface HoursLine {
  days: string;
  times: readonly string[];
}

/** Days on which the clinic is closed, such as `December 24 to 26, 2026`. */
export interface ClosureView {
  dates: string;
  reason: string | null;
}

/** Opening hours, for display. `summary` is one line, such as `Monday to Friday, 8 am to 5 pm`. */
export interface HoursView {
  lines: readonly HoursLine[];
  summary: string;
  closures: readonly ClosureView[];
  /** Such as `Pacific Time`. */
  timeZone: string;
}

/** Postal address by line; never empty. `mapHref` leads to a map in a new page. */
export interface AddressView {
  lines: readonly string[];
  mapHref: string;
}

/** What to do in an emergency. `paragraphs` are plain text. */
export interface EmergencyNotice {
  heading: string;
  paragraphs: readonly string[];
}

/** The clinic as every page shows it. */
export interface ClinicView {
  name: string;
  legalName: string | null;
  tagline: string | null;
  telephone: Telephone;
  email: { text: string; href: string } | null;
  address: AddressView | null;
  /** Null: the clinic has not stated its hours. */
  hours: HoursView | null;
  areasServed: readonly string[];
  emergencyNotice: EmergencyNotice | null;
  socialLinks: readonly LinkView[];
  logo: Picture | null;
}

/** What surrounds every page. */
export interface Site {
  language: 'en-US';
  clinic: ClinicView;
  header: readonly LinkView[];
  footer: readonly LinkView[];
}

/** A provider named in passing, such as the author of an article. `name` is without credentials. */
export interface ProviderLink {
  name: string;
  credentials: string | null;
  jobTitle: string | null;
  href: string;
}

export interface ProviderCard extends ProviderLink {
  photo: Picture | null;
  specialties: readonly string[];
  /** Null: not stated. */
  acceptsNewPatients: boolean | null;
}

export interface TopicLink {
  name: string;
  kind: 'treatment' | 'condition';
  href: string;
}

export interface TopicCard extends TopicLink {
  summary: string;
  articleCount: number;
}

export interface ArticleCard {
  title: string;
  summary: string;
  href: string;
  picture: Picture | null;
  topics: readonly TopicLink[];
  /** Null: not yet clinically reviewed. */
  reviewedOn: DateView | null;
}

/** Section headings are h2 with the given `id`. */
export type SectionView =
  | {
      type: 'rich-text';
      id: string | null;
      heading: string | null;
      /** Headings in it start at h3 below a heading, at h2 without. */
      html: string;
    }
  | {
      type: 'call-out';
      variant: 'info' | 'warning' | 'urgent';
      id: string;
      heading: string;
      /** From h3. */ html: string;
    }
  | {
      type: 'do-and-dont';
      id: string | null;
      heading: string | null;
      doItems: readonly string[];
      dontItems: readonly string[];
    }
  | {
      type: 'faq';
      id: string;
      heading: string;
      /** A question is h3 (or a summary); headings in an answer start at h4. */
      questions: readonly { id: string; question: string; html: string }[];
    }
  | { type: 'image'; picture: Picture; caption: string | null }
  | { type: 'quote'; paragraphs: readonly string[]; attribution: string | null }
  | {
      type: 'call-to-action';
      action: 'call' | 'consultation' | 'link';
      id: string;
      heading: string;
      text: string | null;
      label: string;
      href: string;
    };

/** An entry of the table of contents. Leads to `#id`; `children` are the headings below. */
export interface ContentsItem {
  id: string;
  label: string;
  children: readonly ContentsItem[];
}

/** A numbered source. `number` counts from 1; `id` is `reference-1`. */
export interface ReferenceView {
  id: string;
  number: number;
  title: string;
  publisher: string;
  year: number | null;
  href: string;
  /** Ids of the places in the text that cite it, for back-links; may be empty. */
  citedAt: readonly string[];
}

/** `reviewed` only where both a reviewer and a date are stated. */
export type ReviewView =
  | {
      state: 'reviewed';
      by: ProviderLink;
      on: DateView;
      nextDue: DateView | null;
      /** What the clinic says when the next review is overdue; null while it is not. */
      overdue: string | null;
    }
  | { state: 'not-reviewed' };

/** What every page view has. `path` is the page's own path. */
export interface PageFrame {
  path: string;
  head: Head;
  /** Empty on the home page. */
  breadcrumbs: readonly Breadcrumb[];
}

/**
 * Links between the pages of a list, counted from 1. `pages` has the first, the last and those around the current one;
 * where its numbers jump, pages are left out.
 */
export interface Paging {
  current: number;
  total: number;
  previous: string | null;
  next: string | null;
  pages: readonly { number: number; href: string }[];
}

/** `/articles/<slug>/` */
export interface ArticleView extends PageFrame {
  title: string;
  summary: string;
  picture: Picture | null;
  sections: readonly SectionView[];
  /** Empty when there are too few headings to need one. Includes `References` when there are any. */
  contents: readonly ContentsItem[];
  topics: readonly TopicLink[];
  /** Null: the clinic itself. */
  author: ProviderLink | null;
  review: ReviewView;
  /** When it was last changed. */
  updatedOn: DateView;
  references: readonly ReferenceView[];
  related: readonly ArticleCard[];
  /** Consultation page, carrying the first topic. */
  consultationHref: string;
}

/** `/articles/` and `/articles/page/2/` */
export interface ArticleListView extends PageFrame {
  title: string;
  articles: readonly ArticleCard[];
  topics: readonly TopicLink[];
  paging: Paging;
}

/** `/topics/` */
export interface TopicListView extends PageFrame {
  title: string;
  treatments: readonly TopicCard[];
  conditions: readonly TopicCard[];
}

/** `/topics/<slug>/` and `/topics/<slug>/page/2/` (where `html` is null) */
export interface TopicView extends PageFrame {
  name: string;
  kind: 'treatment' | 'condition';
  summary: string;
  /** Headings start at h2. */
  html: string | null;
  articles: readonly ArticleCard[];
  paging: Paging;
  consultationHref: string;
}

/** `/providers/` */
export interface ProviderListView extends PageFrame {
  title: string;
  providers: readonly ProviderCard[];
}

/** `/providers/<slug>/` */
export interface ProviderView extends PageFrame {
  name: string;
  credentials: string | null;
  jobTitle: string | null;
  photo: Picture | null;
  boardCertifications: readonly string[];
  specialties: readonly string[];
  languages: readonly string[];
  areasServed: readonly string[];
  acceptsNewPatients: boolean | null;
  /** Headings start at h2. */
  html: string | null;
  /** Articles that the provider wrote or reviewed, newest first. */
  articles: readonly ArticleCard[];
  consultationHref: string;
}

/** `/<slug>/` */
export interface PageView extends PageFrame {
  title: string;
  summary: string | null;
  sections: readonly SectionView[];
  contents: readonly ContentsItem[];
}

/** One of the things that may be chosen. `value` is what the form sends; empty: nothing chosen. */
export interface ChoiceView {
  value: string;
  label: string;
}

/** An optional question of the request form. `reason` says why it is asked. A message has no choices. */
export interface QuestionView {
  about: 'topic' | 'provider' | 'days' | 'times' | 'returning' | 'message';
  label: string;
  reason: string;
  choices: readonly ChoiceView[];
}

/** The form by which patients ask to be contacted, and what is said when they have. Texts are in paragraphs. */
export interface ConsultationFormView {
  heading: string;
  intro: string | null;
  questions: readonly QuestionView[];
  consent: string;
  /** The page on privacy; null: there is none. */
  privacy: { label: string; href: string } | null;
  confirmation: readonly string[];
  changes: readonly string[];
}

/** `/consultation/`. Phone, hours, address and map come from `site.clinic`. */
export interface ConsultationView extends PageFrame {
  title: string;
  summary: string;
  /** Null: patients call or write. */
  form: ConsultationFormView | null;
  /** A step's heading is h3, headings in its `html` start at h4. */
  steps: readonly { id: string; heading: string; html: string }[];
  providers: readonly ProviderCard[];
  sections: readonly SectionView[];
}

/** `/consultation/received/`. Without a request to confirm, it says how to reach the clinic. */
export interface ReceivedView extends PageFrame {
  title: string;
  form: ConsultationFormView | null;
}

/** `/` */
export interface HomeView extends PageFrame {
  title: string;
  summary: string;
  picture: Picture | null;
  articles: readonly ArticleCard[];
  topics: readonly TopicCard[];
  providers: readonly ProviderCard[];
  sections: readonly SectionView[];
}

/** `/search/` */
export interface SearchView extends PageFrame {
  title: string;
  /** For readers without JavaScript. */
  topics: readonly TopicCard[];
}

/** `/404.html` */
export interface NotFoundView extends PageFrame {
  title: string;
  topics: readonly TopicCard[];
}

/** Props of every page: `const { site, view } = Astro.props` or `await homePage()`. */
export interface PageProps<View extends PageFrame> {
  site: Site;
  view: View;
}

/**
 * What `getStaticPaths` returns. A page is kept from the build before while its `cacheKey` is the same; the key covers
 * all of `props`, so a page may show nothing that is not in them.
 */
export interface StaticPath<Params extends Record<string, string>, View extends PageFrame> {
  params: Params;
  props: PageProps<View>;
  cacheKey: string;
}
