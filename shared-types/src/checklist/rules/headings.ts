import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { allTokens, readMarkdown } from '../text/markdown.ts';

/** Headings go down one level at a time, for those who find their way by them. */
export const headingsRule: Rule = ({ parts }) =>
  parts.passages.flatMap(({ path, text }): Finding[] => {
    let above: number | null = null;
    for (const token of allTokens(readMarkdown(text).tokens ?? [])) {
      if (token.type !== 'heading') continue;
      const depth = Number(token['depth']);
      if (above !== null && depth > above + 1) {
        const wanted = '#'.repeat(above + 1);
        return [
          {
            level: 'advises',
            rule: 'heading-order',
            path,
            message: `the heading "${token.raw.trim().slice(0, 60)}" leaves out a level.`,
            mend: `Begin the line with ${wanted}.`,
          },
        ];
      }
      above = depth;
    }
    return [];
  });
