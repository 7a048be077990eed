import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { expect, test } from 'vitest';
import { plainPolicy } from './plain-pages.ts';
import { previewPolicy } from './preview/routes.ts';
import { cacheControl, securityHeaders } from './headers.ts';

test.each([null, 'index.html', 'search/index.html', '_astro/a.css'])(
  'allows nothing inline and nothing of others in %s',
  (file) => {
    const policy = securityHeaders(file, true)['content-security-policy'];
    expect(policy).toMatch(/^default-src 'none'; style-src 'self'; img-src 'self'/);
    expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*|data:/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
  },
);

test('lets only the search page and its worker run WebAssembly', () => {
  const search = securityHeaders('search/index.html', false)['content-security-policy'];
  expect(securityHeaders('pagefind/pagefind-worker.js', false)['content-security-policy']).toBe(search);
  const article = securityHeaders('articles/index.html', false)['content-security-policy'];
  expect(search).toContain("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'");
  expect(article).toContain("script-src 'self';");
  expect(article).not.toMatch(/wasm|worker-src/);
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

// 'self' is doubtful where a site serves scripts that others wrote, or answers a script with what was asked. Ours serves
// its own build alone; pictures are made anew and called pictures, with nosniff.
const doubtful = ["script-src 'self' MEDIUM_MAYBE"];

test.each([
  ['a page', securityHeaders('index.html', true)['content-security-policy'], doubtful],
  ['the search', securityHeaders('search/index.html', true)['content-security-policy'], doubtful],
  ['a preview', previewPolicy('https://admin.clinic.example', "'self'"), doubtful],
  ['a plain page', plainPolicy, []],
])('has a policy for %s in which csp_evaluator finds nothing else', (_, policy = '', expected) => {
  const found = new CspEvaluator(new CspParser(policy).csp)
    .evaluate()
    .filter(({ severity }) => severity < Severity.INFO)
    .map(({ directive, value, severity }) => `${directive} ${value ?? ''} ${Severity[severity]}`);
  expect(found).toEqual(expected);
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
