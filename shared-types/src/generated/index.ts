// Generated from cms/src/api and cms/src/components. Do not edit. Run "npm run generate".
import { z } from 'zod';
import type { ContentType } from '../content-type.ts';
import { articleQuery, articleSchema } from './article.ts';
import { clinicQuery, clinicSchema } from './clinic.ts';
import { consultationPageQuery, consultationPageSchema } from './consultation-page.ts';
import { homePageQuery, homePageSchema } from './home-page.ts';
import { navigationQuery, navigationSchema } from './navigation.ts';
import { pageQuery, pageSchema } from './page.ts';
import { providerQuery, providerSchema } from './provider.ts';
import { redirectQuery, redirectSchema } from './redirect.ts';
import { topicQuery, topicSchema } from './topic.ts';

export * from './article.ts';
export * from './clinic.ts';
export * from './consultation-page.ts';
export * from './home-page.ts';
export * from './navigation.ts';
export * from './page.ts';
export * from './provider.ts';
export * from './redirect.ts';
export * from './topic.ts';
export * from './components.ts';

/** Every content type by its singular name, for code that handles all alike. */
export const contentTypes = {
  article: {
    singularName: 'article',
    uid: 'api::article.article',
    kind: 'collectionType',
    draftAndPublish: true,
    relations: [
      { path: 'topics', target: 'topic' },
      { path: 'author', target: 'provider' },
      { path: 'reviewer', target: 'provider' },
      { path: 'relatedArticles', target: 'article' },
    ],
    schema: articleSchema,
    query: articleQuery,
  },
  clinic: {
    singularName: 'clinic',
    uid: 'api::clinic.clinic',
    kind: 'singleType',
    draftAndPublish: true,
    relations: [],
    schema: clinicSchema,
    query: clinicQuery,
  },
  'consultation-page': {
    singularName: 'consultation-page',
    uid: 'api::consultation-page.consultation-page',
    kind: 'singleType',
    draftAndPublish: true,
    relations: [{ path: 'providers', target: 'provider' }],
    schema: consultationPageSchema,
    query: consultationPageQuery,
  },
  'home-page': {
    singularName: 'home-page',
    uid: 'api::home-page.home-page',
    kind: 'singleType',
    draftAndPublish: true,
    relations: [
      { path: 'featuredArticles', target: 'article' },
      { path: 'featuredTopics', target: 'topic' },
    ],
    schema: homePageSchema,
    query: homePageQuery,
  },
  navigation: {
    singularName: 'navigation',
    uid: 'api::navigation.navigation',
    kind: 'singleType',
    draftAndPublish: true,
    relations: [],
    schema: navigationSchema,
    query: navigationQuery,
  },
  page: {
    singularName: 'page',
    uid: 'api::page.page',
    kind: 'collectionType',
    draftAndPublish: true,
    relations: [],
    schema: pageSchema,
    query: pageQuery,
  },
  provider: {
    singularName: 'provider',
    uid: 'api::provider.provider',
    kind: 'collectionType',
    draftAndPublish: true,
    relations: [],
    schema: providerSchema,
    query: providerQuery,
  },
  redirect: {
    singularName: 'redirect',
    uid: 'api::redirect.redirect',
    kind: 'collectionType',
    draftAndPublish: false,
    relations: [],
    schema: redirectSchema,
    query: redirectQuery,
  },
  topic: {
    singularName: 'topic',
    uid: 'api::topic.topic',
    kind: 'collectionType',
    draftAndPublish: true,
    relations: [],
    schema: topicSchema,
    query: topicQuery,
  },
} as const satisfies Record<string, ContentType>;

export type ContentTypeName = keyof typeof contentTypes;

export const typeNames = [
  'article',
  'clinic',
  'consultation-page',
  'home-page',
  'navigation',
  'page',
  'provider',
  'redirect',
  'topic',
] as const satisfies readonly ContentTypeName[];

/** One value for each content type. */
export function eachType<Value>(valueOf: (name: ContentTypeName) => Value): Record<ContentTypeName, Value> {
  return {
    article: valueOf('article'),
    clinic: valueOf('clinic'),
    'consultation-page': valueOf('consultation-page'),
    'home-page': valueOf('home-page'),
    navigation: valueOf('navigation'),
    page: valueOf('page'),
    provider: valueOf('provider'),
    redirect: valueOf('redirect'),
    topic: valueOf('topic'),
  };
}

/** Entries of every type, each read through its contract. */
export const entriesSchema = z.object({
  article: z.array(articleSchema),
  clinic: z.array(clinicSchema),
  'consultation-page': z.array(consultationPageSchema),
  'home-page': z.array(homePageSchema),
  navigation: z.array(navigationSchema),
  page: z.array(pageSchema),
  provider: z.array(providerSchema),
  redirect: z.array(redirectSchema),
  topic: z.array(topicSchema),
});
export type Entries = z.infer<typeof entriesSchema>;
