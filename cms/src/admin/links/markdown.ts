/** A Markdown link whose words hold no sign that would end it. */
export function markdownLink(words: string, address: string): string {
  const text = words
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\\[\]]/g, '\\$&');
  return `[${text}](${address})`;
}
