import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { markdownLinks } from '../surroundings.ts';
import { allTokens, readMarkdown, textOf } from '../text/markdown.ts';

const vague = new Set([
  'here',
  'click',
  'click here',
  'tap here',
  'more',
  'read more',
  'learn more',
  'see more',
  'find out more',
  'more information',
  'more info',
  'details',
  'this',
  'this link',
  'this page',
  'this article',
  'link',
  'page',
  'article',
  'website',
]);

/** Words of links say where they lead: readers of the screen hear them without the sentence around. */
export const linkTextRule: Rule = ({ parts }) =>
  parts.passages.flatMap(({ path, text }) =>
    markdownLinks(text).flatMap(({ text: words }): Finding[] => {
      const plain = words
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} ]+/gu, '')
        .replaceAll(/\s+/g, ' ')
        .trim();
      if (!vague.has(plain)) return [];
      return [
        {
          level: 'advises',
          rule: 'link-vague',
          path,
          message: `the link "${words.trim()}" does not say where it leads.`,
          mend: 'Make the words of the link name the page.',
        },
      ];
    }),
  );

/** Words; about ten lines on a phone. */
const longestParagraph = 120;

/** Paragraphs are short enough to be read on a phone. */
export const paragraphsRule: Rule = ({ parts }) =>
  parts.passages.flatMap(({ path, text }) =>
    allTokens(readMarkdown(text).tokens ?? []).flatMap((token): Finding[] => {
      if (token.type !== 'paragraph') return [];
      const words = textOf(token.tokens ?? []).split(' ');
      if (words.length <= longestParagraph) return [];
      return [
        {
          level: 'advises',
          rule: 'paragraph-long',
          path,
          message: `the paragraph that begins "${words.slice(0, 6).join(' ')}" has ${words.length} words.`,
          mend: `Aim at ${longestParagraph}: break it up, or make a list of it.`,
        },
      ];
    }),
  );

const claims =
  /\b(?:cures?|cured|curing|guarantee(?:s|d)?|miracles?|miraculous|risk-free|pain-free results|(?:no|without) side effects|(?:100|hundred) ?(?:%|percent) (?:safe|effective|successful|success)|permanent(?:ly)? (?:relie(?:f|ve[sd]?)|cure[sd]?|fix(?:es|ed)?)|always works|never fails|instant relief|best in the (?:world|country|state|city))/giu;
/** Within the same few words, they turn a claim into its contrary. */
const denial =
  /(?:\b(?:no|not|never|cannot|nothing|nobody|neither|nor|without|rarely|seldom|promises? of)\b|n['’]t\b)[^.!?;:]{0,40}$/iu;

/** Promises that no honest clinic makes. */
export const claimsRule: Rule = ({ parts }) =>
  [...parts.texts, ...parts.passages].flatMap(({ path, text }): Finding[] => {
    const found = new Set<string>();
    for (const match of text.matchAll(claims)) {
      if (!denial.test(text.slice(Math.max(0, match.index - 60), match.index)))
        found.add(match[0].toLowerCase());
    }
    if (found.size === 0) return [];
    const list = [...found].map((word) => `"${word}"`).join(', ');
    return [
      {
        level: 'advises',
        rule: 'claim',
        path,
        message: `${list} may promise more than anybody can keep.`,
        mend: 'Say what the evidence supports, such as "may help", and name the source.',
      },
    ];
  });
