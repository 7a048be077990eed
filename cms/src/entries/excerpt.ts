/** Characters around what changed that are kept for orientation, and of the change itself. */
const AROUND = 40;
const MOST = 300;

/** The part in which two texts differ, with a little around it: short enough for a list. */
export function excerpts(
  before: string | null,
  after: string | null,
): { before: string | null; after: string | null } {
  const [left, right] = [Array.from(before ?? ''), Array.from(after ?? '')];
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start += 1;
  let end = 0;
  while (
    end < Math.min(left.length, right.length) - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  ) {
    end += 1;
  }
  const cut = (text: readonly string[]): string => {
    const from = Math.max(0, start - AROUND);
    const until = Math.min(text.length, text.length - end + AROUND);
    const to = Math.min(until, from + MOST);
    return `${from > 0 ? '…' : ''}${text.slice(from, to).join('')}${to < text.length ? '…' : ''}`;
  };
  return { before: before === null ? null : cut(left), after: after === null ? null : cut(right) };
}
