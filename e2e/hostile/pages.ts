import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Browser, BrowserContext } from 'playwright-core';
import { pageIds } from '@meridian/shared-types/checklist';
import { renderMarkdown } from '../../site/src/features/markdown/markdown.ts';
import { securityHeaders } from '../../site/server/headers.ts';
import { page } from '../../site/server/test/site.ts';
import { hostileMarkdown } from '../../site/test/hostile-markdown.ts';

const PER_PAGE = 250;
const PICTURE = '/media/dot.webp';

/** Pages of hostile documents on an origin of their own, with the headers that the site's pages have. */
export interface HostilePages {
  origin: string;
  paths: string[];
  close: () => void;
}

/**
 * Puts hostile documents through the site's own pipeline and serves them, some to a page. No release holds them: its
 * check already refuses most for their broken links.
 */
export async function serveHostilePages(seed: number, from: number, count: number): Promise<HostilePages> {
  const pages = new Map<string, string>();
  for (let first = from; first < from + count; first += PER_PAGE) {
    const numbers = Array.from(
      { length: Math.min(PER_PAGE, from + count - first) },
      (_, index) => first + index,
    );
    pages.set(
      `/${String(first)}/`,
      page('Hostile', numbers.map((number) => passageOf(seed, number)).join('\n')),
    );
  }
  return servePages(pages);
}

/** Serves pages by their paths, with the headers that the site's own have. */
export async function servePages(pages: ReadonlyMap<string, string>): Promise<HostilePages> {
  const server = createServer(({ url = '' }, response) => {
    const html = pages.get(url);
    response
      .writeHead(html === undefined ? 404 : 200, {
        ...securityHeaders('index.html', false),
        'content-type': 'text/html; charset=utf-8',
      })
      .end(html ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return {
    origin: `http://127.0.0.1:${String(address.port)}`,
    paths: [...pages.keys()],
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function passageOf(seed: number, number: number): string {
  const { html } = renderMarkdown(hostileMarkdown(seed, number), {
    level: 3,
    ids: pageIds(),
    siteUrl: 'https://clinic.example',
    pathOfEntry: () => null,
    picture: () => `<img src="${PICTURE}" alt="">`,
  });
  return `<div data-document="${String(number)}">${html}</div>`;
}

/**
 * Opens pages in a real browser, stirs everything in them, and tells what should not have happened: scripts that ran,
 * requests, and what the browser's own parser made of the text.
 *
 * @param bypassCSP shows the pages as if they came without a policy: nothing but the pipeline stands before a script
 */
export async function faultsInBrowser(
  browser: Browser,
  { origin, paths }: Pick<HostilePages, 'origin' | 'paths'>,
  bypassCSP: boolean,
): Promise<string[]> {
  const context = await browser.newContext({ bypassCSP });
  const faults: string[] = [];
  try {
    await watch(context, origin, paths, faults);
    const tab = await context.newPage();
    tab.on('dialog', (dialog) => {
      faults.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    for (const path of paths) {
      await tab.goto(`${origin}${path}`, { waitUntil: 'load' });
      const found = await tab.evaluate(stirAndLook);
      faults.push(...found.map((each) => `${path}: ${each}`));
      if (tab.url() !== `${origin}${path}`) faults.push(`${path} led to ${tab.url()}`);
    }
  } finally {
    await context.close();
  }
  return faults;
}

async function watch(
  context: BrowserContext,
  origin: string,
  paths: readonly string[],
  faults: string[],
): Promise<void> {
  const expected = new Set([...paths, PICTURE, '/favicon.ico'].map((path) => `${origin}${path}`));
  context.on('request', (request) => {
    if (!expected.has(request.url())) faults.push(`a request for ${request.url()}`);
  });
  // No other server is really asked, for its answer would be waited for.
  await context.route(
    (url) => url.origin !== origin,
    (route) => route.abort(),
  );
  context.on('page', (opened) => {
    if (context.pages().length > 1) faults.push(`a window: ${opened.url()}`);
  });
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.defineProperty(window, 'seen', { value: seen });
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'msgbox'] as const) {
      Object.defineProperty(window, name, { value: () => seen.push(`${name} ran`) });
    }
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      seen.push(`${violatedDirective} kept out ${blockedURI}`);
    });
  });
}

/** Runs in the browser. */
function stirAndLook(): string[] {
  const { seen } = window as unknown as { seen: string[] };
  const events = [
    'mouseover',
    'mouseenter',
    'focus',
    'load',
    'error',
    'toggle',
    'animationstart',
    'input',
    'submit',
  ];
  for (const element of document.querySelectorAll('body *')) {
    const holder =
      element.closest('[data-document]')?.getAttribute('data-document') ?? 'outside of documents';
    const tell = (what: string): void => void seen.push(`document ${holder}: ${what}`);
    if (
      /^(script|iframe|frame|object|embed|base|meta|link|style|form|input|button|textarea|svg|math|template|video|audio|details)$/i.test(
        element.tagName,
      )
    ) {
      tell(`<${element.tagName}>`);
    }
    for (const { name } of element.attributes) {
      if (/^(on|style$|srcdoc|formaction|action|xlink|background|ping|target)/i.test(name))
        tell(`attribute ${name}`);
    }
    if (element instanceof HTMLAnchorElement && element.hasAttribute('href')) {
      if (!/^(https?|mailto|tel):$/.test(element.protocol)) tell(`a link to ${element.protocol}`);
      if (element.username !== '' || element.password !== '') tell('a link with a user in it');
    }
    for (const name of events) element.dispatchEvent(new Event(name, { bubbles: false }));
    if (element instanceof HTMLElement && element.tabIndex >= 0) element.focus({ preventScroll: true });
  }
  return seen;
}
