import type { Token } from 'marked';
import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { allTokens, readMarkdown } from '../text/markdown.ts';

/** Markdown shows as it was meant: nothing in it has to be cut or shown as it is written. */
export const markupRule: Rule = ({ parts }) =>
  parts.passages.flatMap(({ path, text }): Finding[] => {
    const passage = readMarkdown(text);
    if (passage.tokens === null) {
      return [
        {
          level: 'blocks',
          rule: 'markup-unreadable',
          path,
          message: `the text would be shown with its marks, for ${passage.excess}.`,
          mend: 'Make it shorter or plainer, or share it out among several sections.',
        },
      ];
    }
    const tokens = allTokens(passage.tokens);
    return [...htmlFinding(path, tokens), ...titleFinding(path, tokens)];
  });

function htmlFinding(path: string, tokens: readonly Token[]): Finding[] {
  const pieces = tokens.filter(({ type }) => type === 'html').map(({ raw }) => raw.trim());
  const tags = [...new Set(pieces.map(tagOf))];
  if (tags.length === 0) return [];
  return [
    {
      level: 'blocks',
      rule: 'markup-html',
      path,
      message: `HTML (${tags.slice(0, 3).join(', ')}${tags.length > 3 ? ', …' : ''}) is not carried out: patients would read it as it is written.`,
      mend: 'Take it out, and use Markdown or a section instead. To show such signs themselves, put them between `backticks`.',
    },
  ];
}

function titleFinding(path: string, tokens: readonly Token[]): Finding[] {
  const title = tokens.find((token) => token.type === 'heading' && token['depth'] === 1);
  if (title === undefined) return [];
  return [
    {
      level: 'blocks',
      rule: 'markup-h1',
      path,
      message: `"${title.raw.trim().slice(0, 60)}" is a heading of the first level, which only the page's title is.`,
      mend: 'Begin the line with ### instead of #.',
    },
  ];
}

function tagOf(html: string): string {
  const [tag = '<…>'] = /^<[!/?]?[a-zA-Z-]{0,30}/.exec(html) ?? [];
  return `${tag}${tag.endsWith('>') ? '' : '>'}`;
}
