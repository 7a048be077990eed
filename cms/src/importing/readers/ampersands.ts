/** The longest reference such as `&hellip;`, and the marks of CDATA, fit into what is held back. */
const HELD = 40;

/**
 * Writes ampersands that stand alone as `&amp;`, outside of CDATA, where they are allowed: the parser would take
 * everything up to the next semicolon for the name of an entity.
 *
 * @param onFault is called for each
 * @returns takes a file piece by piece, and with `isLast` gives all that is left
 */
export function mendAmpersands(onFault: () => void): (piece: string, isLast: boolean) => string {
  let held = '';
  let inCdata = false;
  return (piece, isLast) => {
    const text = held + piece;
    let end = isLast ? text.length : Math.max(0, text.length - HELD);
    const mended: string[] = [];
    let from = 0;
    for (const match of text.matchAll(/<!\[CDATA\[|\]\]>|&(?!(?:#\d{1,8}|#x[\da-f]{1,8}|\w{1,32});)/gi)) {
      if (match.index >= end) break;
      if (match[0] === '&') {
        if (inCdata) continue;
        mended.push(text.slice(from, match.index), '&amp;');
        from = match.index + 1;
        onFault();
      } else {
        inCdata = match[0] !== ']]>';
        end = Math.max(end, match.index + match[0].length);
      }
    }
    mended.push(text.slice(from, Math.max(from, end)));
    held = text.slice(Math.max(from, end));
    return mended.join('');
  };
}
