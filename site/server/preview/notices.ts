import { hashSource } from '../../src/hash-source.ts';
import { escapeHtml } from '../../src/html.ts';

const style =
  'body{margin:0 auto;max-width:36rem;padding:12vh 1.5rem;font:1.125rem/1.6 system-ui,sans-serif;color-scheme:light dark}' +
  'h1{line-height:1.2}';

/** Hash of the one style of notices, for the policy. */
export const noticeStyle = hashSource(style);

const again = 'Go back to the editor and press Preview again.';

/** What staff are told when a preview cannot be shown, by the reason. */
export const notices = {
  expired: { status: 410, title: 'This preview link has expired', text: again },
  invalid: { status: 403, title: 'This preview link cannot be used', text: again },
  closed: { status: 403, title: 'This preview is closed', text: again },
  missing: { status: 404, title: 'There is no such preview', text: again },
  method: {
    status: 405,
    title: 'This cannot be done here',
    text: 'Previews can be looked at, nothing else.',
  },
  gone: {
    status: 404,
    title: 'This entry is not there any more',
    text: 'It may have been deleted. Go back to the editor and look.',
  },
  away: {
    status: 503,
    title: 'The preview is not available now',
    text: 'Please try again in a minute. Your draft is safe in the editor, and the public site is not affected.',
  },
} as const;

/** A page that needs nothing but itself. */
export function noticePage({ title, text }: { title: string; text: string }): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
    `<title>${escapeHtml(title)}</title><style>${style}</style></head>` +
    `<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(text)}</p></main></body></html>\n`
  );
}
