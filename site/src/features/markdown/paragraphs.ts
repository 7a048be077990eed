import { cleanText } from '@meridian/shared-types/checklist';

/** Plain text as paragraphs: parts between empty lines. */
export function paragraphsOf(text: string): string[] {
  return cleanText(text)
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '');
}
