import type { Notes } from '../notes.ts';
import { shorten } from '../text.ts';

const SHORTCODE =
  /(\[?)\[(\/?)([a-z][\w-]{0,60})((?:\s(?:[^\]"'<>[]|"[^"<>]{0,2000}"|'[^'<>]{0,2000}'){0,2000})?)\/?\](\]?)/gi;
const CAPTION =
  /\[caption\b[^\]]{0,2000}\]\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*<\/a>)?)([^[]{0,5000})\[\/caption\]/gi;
/** WordPress's own; all others come from themes and plugins. */
const OWN = new Set(['gallery', 'audio', 'video', 'playlist', 'embed', 'caption']);

/**
 * Takes WordPress shortcodes out of a text, for the site would show them to patients as they are; what a pair of them
 * encloses stays, and captions become captions. Each is noted.
 */
export function takeShortcodes(html: string, notes: Notes): string {
  const captioned = html.replaceAll(CAPTION, '<figure>$1<figcaption>$2</figcaption></figure>');
  const closed = new Set([...captioned.matchAll(/\[\/([a-z][\w-]{0,60})\]/gi)].map(([, name]) => name));
  return captioned.replaceAll(
    SHORTCODE,
    (whole, before: string, closing: string, name: string, attributes: string, after: string) => {
      // Written twice, [[so]], it is meant to be read.
      if (before !== '' && after !== '') return whole.slice(1, -1);
      const isCode = OWN.has(name) || closed.has(name) || attributes.includes('=') || /[\d_-]/.test(name);
      if (!isCode) {
        notes.ask(
          `"[${name}${shorten(attributes, 100)}]" may be a shortcode: it stayed in the text. Delete it if it is one.`,
        );
        return whole;
      }
      if (closing === '') {
        notes.ask(
          `The shortcode [${name}${shorten(attributes, 200).trimEnd()}] was taken out. Put in what it showed, if it is missed.`,
        );
      }
      return `${before}${after}`;
    },
  );
}
