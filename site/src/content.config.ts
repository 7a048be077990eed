import { eachType } from '@meridian/shared-types';
import { defineCollection } from 'astro:content';
import { cmsLoaders } from './content/loader.ts';

const loader = cmsLoaders();

export const collections = {
  ...eachType((name) => defineCollection({ loader: loader(name) })),
  picture: defineCollection({ loader: loader('picture') }),
  pull: defineCollection({ loader: loader('pull') }),
};
