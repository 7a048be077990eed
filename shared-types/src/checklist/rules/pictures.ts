import type { Finding } from '../finding.ts';
import type { Rule } from '../rule.ts';
import { isFileAddress, markdownPictures } from '../surroundings.ts';
import { describe } from '../text/alt-text.ts';

const decorative = 'If it shows nothing that matters, write "decorative".';

/** Every picture says what it shows, or that it is decorative. */
export const picturesRule: Rule = ({ parts, around }) => {
  const texts = new Map(around.files.map(({ asked, alternativeText }) => [asked, alternativeText]));
  const asked = new Set(around.asked.files);
  const findings: Finding[] = [];
  for (const { path, documentId, alternativeText } of parts.pictures) {
    const text = texts.has(documentId) ? (texts.get(documentId) ?? null) : alternativeText;
    if (describe(text).kind !== 'missing') continue;
    findings.push({
      level: 'blocks',
      rule: 'picture-alt',
      path,
      message: 'the picture has no alternative text, so a person who cannot see it learns nothing.',
      mend: `Describe it in the Media Library under "Alternative text". ${decorative}`,
    });
  }
  for (const { path, href, text } of markdownPictures(parts)) {
    if (describe(text).kind === 'missing') {
      findings.push({
        level: 'blocks',
        rule: 'picture-alt',
        path,
        message: `the picture ${shortened(href)} has no alternative text.`,
        mend: `Describe it between the brackets: ![what it shows](${shortened(href)}). ${decorative}`,
      });
    }
    if (!isFileAddress(href) || (asked.has(href) && !texts.has(href))) {
      findings.push({
        level: 'blocks',
        rule: 'picture-source',
        path,
        message: `the picture ${shortened(href)} is not in the Media Library, so the site cannot show it.`,
        mend: 'Upload it and choose it from there.',
      });
    }
  }
  return findings;
};

function shortened(address: string): string {
  return address.length > 80 ? `${address.slice(0, 80)}…` : address;
}
