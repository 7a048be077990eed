import { expect } from 'vitest';

/** Paths of all pages in the site's own sitemap, and the ones that it leaves out on purpose. */
export async function allPages(siteUrl: string): Promise<string[]> {
  const sitemap = await fetchText(`${siteUrl}/sitemap.xml`);
  const listed = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(
    ([, address = '']) => new URL(address).pathname,
  );
  expect(listed.length, 'pages in the sitemap').toBeGreaterThan(5);
  return [...new Set([...listed, '/search/', '/no-such-page/'])];
}

async function fetchText(address: string): Promise<string> {
  const response = await fetch(address);
  expect(response.status, address).toBe(200);
  return response.text();
}
