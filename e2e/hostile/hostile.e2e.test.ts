import { expect, onTestFinished, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { faultsInBrowser, serveHostilePages, servePages } from './pages.ts';

const seed = Number(process.env['HOSTILE_SEED'] ?? 20_261_125);

test(`3,000 hostile documents run nothing in a real browser, without the site's policy and with it (HOSTILE_SEED=${String(seed)})`, async () => {
  const hostile = await serveHostilePages(seed, 0, 3_000);
  onTestFinished(hostile.close);
  const browser = await openBrowser();
  onTestFinished(() => browser.close());
  expect(await faultsInBrowser(browser, hostile, true)).toEqual([]);
  expect(await faultsInBrowser(browser, { ...hostile, paths: hostile.paths.slice(0, 3) }, false)).toEqual([]);

  // And the same eyes see what is dangerous, if there were any.
  const danger =
    '<img src="//evil.example/x" onerror="alert(1)"><a href="javascript:alert(1)">x</a><script>alert(2)</script>';
  const dangerous = await servePages(
    new Map([['/danger/', `<body><div data-document="0">${danger}</div></body>`]]),
  );
  onTestFinished(dangerous.close);
  const seen = (await faultsInBrowser(browser, dangerous, true)).join('\n');
  for (const fault of [
    'alert ran',
    '<SCRIPT>',
    'attribute onerror',
    'a link to javascript:',
    'a request for http://evil.example/x',
  ]) {
    expect(seen).toContain(fault);
  }
  expect((await faultsInBrowser(browser, dangerous, false)).join('\n')).toContain('kept out');
});
