import { entryLink } from '../../entry-links.ts';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** Relations that a page does well without until their target is published. */
const optional = ['relatedArticles'];

/** Entries that the page shows are published: Strapi leaves out others without a word. */
export const relationsRule: Rule = ({ parts, around }) => {
  const asked = new Set(around.asked.addresses);
  const entries = new Map(around.entries.map((each) => [each.address, each]));
  return parts.relations.flatMap(({ path, type, documentId }): Finding[] => {
    const address = entryLink({ type, documentId, anchor: '' });
    if (!asked.has(address)) return [];
    const target = entries.get(address);
    if (target?.isPublished === true) return [];
    const name = typeof target?.title === 'string' ? `the ${type} "${target.title}"` : `the ${type}`;
    if (target === undefined) {
      return [
        {
          level: 'blocks',
          rule: 'relation-gone',
          path,
          message: `${name} was deleted.`,
          mend: 'Take it out, or choose another one from the list.',
        },
      ];
    }
    if (optional.includes(path)) {
      return [
        {
          level: 'advises',
          rule: 'relation-unpublished',
          path,
          message: `${name} is not published and will not be shown.`,
          mend: 'Publish it, and then this entry.',
        },
      ];
    }
    return [
      {
        level: 'blocks',
        rule: 'relation-unpublished',
        path,
        message: `${name} is not published, so patients would not see it here.`,
        mend: 'Publish it first, or take it out. Entries that need one another are published together, from the list.',
      },
    ];
  });
};
