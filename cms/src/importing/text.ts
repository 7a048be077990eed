/** Controls, and marks that turn the direction of text: no reader needs them, and a database may refuse them. */
const UNWANTED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A text without what cannot be stored or seen, and how many characters were taken out or are unreadable. */
export function cleanText(text: string): { text: string; faults: number } {
  let faults = 0;
  const clean = text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(UNWANTED, () => {
      faults += 1;
      return '';
    });
  return { text: clean, faults: faults + (clean.match(/\ufffd/g)?.length ?? 0) };
}

/** A text in one line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** At most `longest` characters of a line, cut between words, with an ellipsis where something is gone. */
export function shorten(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest - 1);
  const space = cut.lastIndexOf(' ');
  return `${(space > longest / 2 ? cut.slice(0, space) : cut).toWellFormed().replace(/\ufffd$/, '')}…`;
}

/** A text for use in HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/**
 * The same text as a string of its own. What the engine cuts out of a long string keeps the whole of it in memory for
 * as long as the piece is kept.
 */
export function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}
