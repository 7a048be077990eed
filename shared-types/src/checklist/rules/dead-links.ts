import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { markdownLinks } from '../surroundings.ts';

/** Links to other sites that did not work when they were last tried. */
export const deadLinksRule: Rule = ({ parts, around }) => {
  const dead = new Map(around.deadLinks.map(({ url, reason }) => [url, reason]));
  if (dead.size === 0) return [];
  const written = [
    ...parts.links.map(({ path, text }) => ({ path, url: text.trim() })),
    ...parts.passages.flatMap(({ path, text }) =>
      markdownLinks(text).map(({ href }) => ({ path, url: href.trim() })),
    ),
  ];
  return written.flatMap(({ path, url }): Finding[] => {
    const reason = dead.get(url);
    if (reason === undefined) return [];
    return [
      {
        level: 'advises',
        rule: 'link-dead',
        path,
        message: `${url.length > 100 ? `${url.slice(0, 100)}…` : url} did not work when it was last tried: ${reason}.`,
        mend: 'Open it. If it is gone, link to another page that says the same.',
      },
    ];
  });
};
