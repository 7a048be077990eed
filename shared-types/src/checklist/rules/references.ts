import { itemsAt } from '../parts.ts';
import type { Rule } from '../rule.ts';

/** An article says where its facts are from. */
export const referencesRule: Rule = ({ type, entry }) =>
  type !== 'article' || itemsAt(entry, 'references').length > 0
    ? []
    : [
        {
          level: 'advises',
          rule: 'references-none',
          path: 'references',
          message: 'the article names no source.',
          mend: 'Add what its facts are from, and cite it in the text as [[1]](#reference-1).',
        },
      ];
