import { typeOf, textAt } from '../parts.ts';
import type { Rule } from '../rule.ts';
import { slugFault, slugify } from '../text/slug.ts';

/** The address has to be one, free, and not the site's own. */
export const slugRule: Rule = ({ type, entry, around }) => {
  if (typeOf(type)?.query.fields.includes('slug') !== true) return [];
  const slug = typeof entry['slug'] === 'string' ? entry['slug'] : '';
  const fault = slugFault(type, slug);
  if (fault !== null) return [{ level: 'blocks', rule: 'slug', path: 'slug', ...fault }];
  if (around.slugTakenBy === null || around.asked.slug !== textAt(entry, 'slug')) return [];
  return [
    {
      level: 'blocks',
      rule: 'slug-taken',
      path: 'slug',
      message: `"${slug}" is taken by "${around.slugTakenBy}".`,
      mend: `Use another one, such as "${slugify(slug)}-2".`,
    },
  ];
};
