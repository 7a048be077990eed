import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, chromium as playwright } from 'playwright-core';

/** Where browsers live that their owners installed. */
const installed = [
  process.env.CHROME_PATH,
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

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
  const root = process.getuid?.() === 0;
  return playwright.launch({
    executablePath: await browserFile(),
    // Chromium's sandbox cannot be had by root, as whom containers run.
    args: ['--disable-gpu', '--disable-dev-shm-usage', ...(root ? ['--no-sandbox'] : [])],
  });
}

/** The program of the browser: see {@link openBrowser}. */
export async function browserFile(): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') return chromium.executablePath();
  const file = installed.find((path) => path !== undefined && existsSync(path));
  if (file === undefined) {
    throw new Error(
      'No browser found. Install Google Chrome, or set CHROME_PATH to the program of another Chromium.',
    );
  }
  return file;
}
