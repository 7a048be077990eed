import { defineCollection } from 'astro:content';
import { cmsLoaders } from './content/loader.ts';

const loader = cmsLoaders();

export const collections = {
  clinic: defineCollection({ loader: loader('clinic') }),
  navigation: defineCollection({ loader: loader('navigation') }),
  'home-page': defineCollection({ loader: loader('home-page') }),
  'consultation-page': defineCollection({ loader: loader('consultation-page') }),
  provider: defineCollection({ loader: loader('provider') }),
  topic: defineCollection({ loader: loader('topic') }),
  page: defineCollection({ loader: loader('page') }),
  article: defineCollection({ loader: loader('article') }),
  redirect: defineCollection({ loader: loader('redirect') }),
  picture: defineCollection({ loader: loader('picture') }),
  pull: defineCollection({ loader: loader('pull') }),
};
