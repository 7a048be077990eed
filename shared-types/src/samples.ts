/** Entries as Strapi 5.54's REST API returned them for the queries of the contract, with made-up words. */

const times = {
  createdAt: '2026-11-23T22:26:51.816Z',
  updatedAt: '2026-11-23T22:26:51.816Z',
  publishedAt: '2026-11-23T22:26:51.838Z',
};

export const picture = {
  id: 1,
  documentId: 'file1',
  name: 'back.webp',
  url: '/uploads/back_1a2b.webp',
  alternativeText: 'A drawing of a spine',
  caption: null,
  width: 1600,
  height: 900,
  mime: 'image/webp',
  size: 84.2,
  hash: 'back_1a2b',
  ext: '.webp',
  focalPoint: { x: 50, y: 20.5 },
  updatedAt: '2026-11-23T22:26:51.694Z',
};

export const article = {
  id: 2,
  documentId: 'art1',
  ...times,
  title: 'Back pain',
  slug: 'back-pain',
  summary: 'What helps.',
  reviewedOn: '2026-02-03',
  nextReviewDue: null,
  heroImage: picture,
  topics: [
    { id: 2, documentId: 'topic2' },
    { id: 1, documentId: 'topic1' },
  ],
  author: { id: 2, documentId: 'provider1' },
  reviewer: null,
  references: [
    { id: 2, title: 'A study', publisher: 'A journal', year: null, url: 'https://example.org/study' },
  ],
  relatedArticles: [],
  seo: { id: 2, title: '', description: null, noIndex: false, image: null },
  sections: [{ id: 2, heading: '', body: 'Text.', __component: 'section.rich-text' }],
};

export const clinic = {
  id: 1,
  documentId: 'clinic1',
  ...times,
  name: 'A clinic',
  legalName: null,
  tagline: null,
  telephone: '+1 555 0100',
  email: null,
  timeZone: 'America/Los_Angeles',
  allowsUnreviewed: true,
  address: null,
  geo: { id: 1, latitude: 34.05, longitude: -118.24 },
  openingHours: [{ id: 1, dayOfWeek: 'Monday', opens: '09:00:00.000', closes: '17:00:00' }],
  closures: [{ id: 1, validFrom: '2026-12-25', validThrough: '2026-12-25', reason: null }],
  areasServed: [],
  emergencyNotice: null,
  overdueReviewNotice: null,
  socialLinks: [],
  logo: null,
  defaultSeo: null,
};
