import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as playwright } from 'playwright-core';
import { exclusively } from '../scripts/lock.ts';
import { root } from '../scripts/settings.ts';

/** Where browsers live that their owners installed. */
const installed = [
  process.env.CHROME_PATH,
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Milliseconds for what a page does. On a machine that builds twice beside it the admin takes half a minute to appear. */
const WAITS = 90_000;

/**
 * The screen on which staff work, where nothing is animated: a button that is pressed while an accordion opens moves away
 * between press and release, and the click is nobody's.
 */
export const STAFF_SCREEN: BrowserContextOptions = {
  viewport: { width: 1280, height: 900 },
  colorScheme: 'light',
  reducedMotion: 'reduce',
};

/**
 * Opens a headless browser: the Chromium that came with the npm packages on Linux x64, the installed Chrome elsewhere.
 *
 * @throws Error naming what to install when there is neither
 */
export async function openBrowser(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  const browser = await playwright.launch({
    executablePath: await browserFile(),
    // Chromium's sandbox cannot be had by root, as whom containers run.
    args: ['--disable-gpu', '--disable-dev-shm-usage', ...(isRoot ? ['--no-sandbox'] : [])],
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(WAITS);
    return context;
  };
  return browser;
}

/** The program of the browser: see {@link openBrowser}. */
export async function browserFile(): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked();
  const file = installed.find((path) => path !== undefined && existsSync(path));
  if (file === undefined) {
    throw new Error(
      'No browser found. Install Google Chrome, or set CHROME_PATH to the program of another Chromium.',
    );
  }
  return file;
}

/**
 * Unpacks the browser of the packages, whole or not at all and once for all processes. Left to itself the package takes
 * whatever is called `chromium` in the system's folder for temporary files: half of one, an older one, somebody else's.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules', '@sparticuz', 'chromium', 'package.json'), 'utf8'),
  ) as { version: string };
  const folder = join(root, '.tmp', `chromium-${version}`);
  const file = join(folder, 'chromium');
  if (existsSync(file)) return file;
  await exclusively('chromium', async () => {
    if (existsSync(file)) return;
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true });
    await unpackInto(unfinished);
    renameSync(unfinished, folder);
  });
  return file;
}

/** The package asks for the folder for temporary files once, before it waits for anything. */
function unpackInto(folder: string): Promise<string> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    return chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}
