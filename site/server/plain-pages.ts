import { hashSource } from '../src/hash-source.ts';
import { telephone } from '../src/features/telephone/telephone.ts';
import { escapeHtml } from '../src/html.ts';

/** What a plain page tells of the clinic, when a release is there to tell it. */
export interface PlainClinic {
  name: string;
  telephone: string;
}

interface PlainText {
  title: string;
  text: string;
}

const texts: Record<number, PlainText> = {
  400: { title: 'This address cannot be read', text: 'Please check the link, or start from the home page.' },
  404: { title: 'This page cannot be found', text: 'It may have moved. Please start from the home page.' },
  405: { title: 'This cannot be done here', text: 'Please start from the home page.' },
  410: {
    title: 'Requests cannot be sent here any more',
    text: 'Your request was not sent. Please call us.',
  },
  414: { title: 'This address is too long', text: 'Please check the link, or start from the home page.' },
  403: { title: 'This cannot be done from here', text: 'Please open the consultation page and try again.' },
  429: {
    title: 'Too many requests',
    text: 'Your request was not sent. Please wait some minutes and try again, or call us.',
  },
  500: { title: 'Something went wrong', text: 'Please try again in a minute.' },
  503: {
    title: 'The site is being prepared',
    text: 'It will be here in a few minutes. Please come back then.',
  },
};

const style =
  ':root{color-scheme:light dark;background:#fff;color:#1f2524}a{color:#0b5c58}' +
  '@media (prefers-color-scheme:dark){:root{background:#161d1c;color:#f1f4f3}a{color:#9fdcd6}}' +
  'body{margin:0 auto;max-width:36rem;padding:12vh 1.5rem;font:1.125rem/1.6 system-ui,sans-serif}' +
  'h1{line-height:1.2}';

/** Allows the one style of the plain pages under a policy that allows nothing else. */
export const plainPolicy =
  `default-src 'none'; style-src ${hashSource(style)}; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A page that needs nothing but itself, for answers that no release can give. */
export function plainPage(status: number, clinic: PlainClinic | null): string {
  const { title, text } = texts[status] ?? {
    title: 'Something went wrong',
    text: 'Please try again in a minute.',
  };
  const call = clinic === null ? '' : `<p>${escapeHtml(clinic.name)}: ${telephoneLink(clinic.telephone)}</p>`;
  const home = status < 500 ? '<p><a href="/">Home page</a></p>' : '';
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
    `<title>${title}</title><style>${style}</style></head>` +
    `<body><main><h1>${title}</h1><p>${text}</p>${call}${home}</main></body></html>\n`
  );
}

function telephoneLink(number: string): string {
  const { text, href } = telephone(number);
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}
