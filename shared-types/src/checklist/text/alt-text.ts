/** What an alternative text says of a picture. */
export type Description = { kind: 'missing' } | { kind: 'decorative' } | { kind: 'text'; text: string };

const decorative = /^\(?decorative\)?\.?$/i;
/** The editor of Markdown writes the name of the file where there is no alternative text. */
const fileName = /^\S+\.(?:jpe?g|png|webp|avif|gif|svg)$/i;

/**
 * Reads an alternative text. The one word "decorative" says that a picture tells nothing that the text does not, so
 * that readers of the screen pass over it; an empty text, or the name of a file, says nothing.
 */
export function describe(alternativeText: string | null): Description {
  const text = alternativeText?.trim() ?? '';
  if (text === '' || fileName.test(text)) return { kind: 'missing' };
  return decorative.test(text) ? { kind: 'decorative' } : { kind: 'text', text };
}

/** An alternative text as HTML needs it: empty for a decorative picture. */
export function altOf(alternativeText: string | null): string {
  const description = describe(alternativeText);
  return description.kind === 'text' ? description.text : '';
}
