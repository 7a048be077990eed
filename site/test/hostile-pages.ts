import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { pageIds } from '@meridian/shared-types/checklist';
import { renderMarkdown } from '../src/features/markdown/markdown.ts';
import { makeRelease } from '../server/release/make.ts';
import { page, smallSite, writeDist } from '../server/test/site.ts';
import { hostileMarkdown } from './hostile-markdown.ts';

const PER_PAGE = 250;
const PICTURE = '/media/dot.webp';

/** Puts hostile documents through the site's own pipeline into pages of a live release. Answers their paths. */
export async function releaseHostilePages(
  folder: string,
  { seed, from, count }: { seed: number; from: number; count: number },
): Promise<string[]> {
  const files: Record<string, string> = { ...smallSite() };
  const paths: string[] = [];
  for (let first = from; first < from + count; first += PER_PAGE) {
    const numbers = Array.from(
      { length: Math.min(PER_PAGE, from + count - first) },
      (_, index) => first + index,
    );
    const path = `/hostile/${String(first)}/`;
    files[`${path.slice(1)}index.html`] = page(
      'Hostile',
      numbers.map((number) => passageOf(seed, number)).join('\n'),
    );
    paths.push(path);
  }
  await makeRelease({
    dist: await writeDist(files),
    releasesDir: join(folder, 'releases'),
    id: `from-${String(from)}`,
  });
  return paths;
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
  origin: string,
  paths: readonly string[],
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
  context.on('page', (opened) => {
    if (context.pages().length > 1) faults.push(`a window: ${opened.url()}`);
  });
  await context.addInitScript(() => {
    const seen: string[] = [];
    Object.defineProperty(window, 'seen', { value: seen });
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'eval', 'msgbox'] as const) {
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
