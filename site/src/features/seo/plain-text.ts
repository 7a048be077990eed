import sanitizeHtml from 'sanitize-html';

/** The words of sanitised HTML. */
export function plainTextOf(html: string): string {
  const spaced = html.replaceAll(/<(?=\/(?:p|li|h\d|td|th|tr)>|br)/g, ' <');
  const text = sanitizeHtml(spaced, { allowedTags: [], allowedAttributes: {} });
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const longest = 200;

/** A text of at most 200 characters, cut between words. */
export function shortened(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ').trim();
  if (words.length <= longest) return words;
  return `${words.slice(0, longest - 1).replace(/[\s,;:.]+\S*$/, '')}…`;
}
