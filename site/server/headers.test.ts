import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { expect, test } from 'vitest';
import { plainPolicy } from './plain-pages.ts';
import { previewPolicy } from './preview/routes.ts';
import { cacheControl, securityHeaders } from './headers.ts';

const scripts = [`'sha256-${'a'.repeat(43)}='`, `'sha256-${'b'.repeat(43)}='`];
const policyOf = (file: string | null) =>
  securityHeaders(file, true, scripts)['content-security-policy'] ?? '';

test.each([null, 'index.html', 'search/index.html', '_astro/a.css'])(
  'allows nothing inline but scripts by their hashes, and nothing of others in %s',
  (file) => {
    const policy = policyOf(file);
    expect(policy).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self'/);
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*|data:/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
  },
);

test('lets pages run the scripts of the release alone, and none where it has none', () => {
  expect(policyOf('articles/index.html')).toContain(`; script-src ${scripts.join(' ')};`);
  expect(securityHeaders('articles/index.html', true)['content-security-policy']).toContain(
    "; script-src 'none';",
  );
});

test('lets the search page alone fetch its engine, which runs WebAssembly in a worker', () => {
  expect(policyOf('search/index.html')).toContain(
    `script-src ${scripts.join(' ')} 'strict-dynamic' 'self' 'wasm-unsafe-eval'; worker-src 'self'`,
  );
  expect(policyOf('pagefind/pagefind-worker.js')).toContain("; script-src 'wasm-unsafe-eval';");
  expect(policyOf('articles/index.html')).not.toMatch(/wasm|worker-src|'self' 'w|strict-dynamic/);
});

test('lets every page fetch from its own site alone, as tools do that read its robots.txt', () => {
  for (const file of [null, 'index.html', 'search/index.html']) {
    expect(securityHeaders(file, true)['content-security-policy']).toContain("; connect-src 'self';");
  }
});

test('asks for https only where the site has it', () => {
  expect(securityHeaders('index.html', true)).toHaveProperty('strict-transport-security');
  expect(securityHeaders('index.html', false)).not.toHaveProperty('strict-transport-security');
  expect(securityHeaders('index.html', false)['content-security-policy']).not.toContain(
    'upgrade-insecure-requests',
  );
});

test.each([
  ['a page', policyOf('index.html')],
  ['a page without scripts', securityHeaders('index.html', true)['content-security-policy']],
  ['the search', policyOf('search/index.html')],
  ['a worker', policyOf('pagefind/pagefind-worker.js')],
  ['a preview', previewPolicy('https://admin.clinic.example', "'self'", scripts)],
  ['a plain page', plainPolicy],
])('has a policy for %s in which csp_evaluator finds nothing', (_, policy = '') => {
  const found = new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity < Severity.INFO)
    .map(({ directive, value, severity }) => `${directive} ${value ?? ''} ${Severity[severity]}`);
  expect(found).toEqual([]);
});

test('names the headers of every answer', () => {
  for (const file of [null, 'index.html', 'media/a.webp']) {
    expect(securityHeaders(file, true)).toMatchObject({
      'strict-transport-security': 'max-age=31536000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()') as string,
    });
  }
});

test('lets others show pictures and nothing else', () => {
  expect(securityHeaders('media/a.webp', true)['cross-origin-resource-policy']).toBe('cross-origin');
  expect(securityHeaders('_astro/a.css', true)['cross-origin-resource-policy']).toBe('same-origin');
});

test.each([
  ['_astro/a.1f.css', 'public, max-age=31536000, immutable'],
  ['media/3f9c-800.avif', 'public, max-age=31536000, immutable'],
  ['pagefind/fragment/en_1.pf_fragment', 'public, max-age=31536000, immutable'],
  ['pagefind/pagefind.js', 'public, max-age=0, must-revalidate'],
  ['articles/index.html', 'public, max-age=0, must-revalidate'],
  ['robots.txt', 'public, max-age=300, must-revalidate'],
])('keeps %s as %s', (file, value) => {
  expect(cacheControl(file)).toBe(value);
});
