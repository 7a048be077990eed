import type { Library } from '../../content/content.ts';
import { absoluteUrl, articlePath, articlesPath, feedPath } from '../../paths.ts';
import { escapeXml } from './xml.ts';

const newest = 30;

/** RSS feed of the newest articles. */
export function feed(library: Library): string {
  const { clinic, siteUrl } = library;
  const items = library.articles.slice(0, newest).map(({ title, slug, summary, createdAt }) => {
    const url = escapeXml(absoluteUrl(siteUrl, articlePath(slug)));
    return `    <item>
      <title>${escapeXml(title)}</title>
      <link>${url}</link>
      <guid isPermaLink="true">${url}</guid>
      <description>${escapeXml(summary)}</description>
      <pubDate>${new Date(createdAt).toUTCString()}</pubDate>
    </item>
`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
  <channel>
    <title>${escapeXml(clinic.name)}</title>
    <link>${escapeXml(absoluteUrl(siteUrl, articlesPath))}</link>
    <atom:link href="${escapeXml(absoluteUrl(siteUrl, feedPath))}" rel="self" type="application/rss+xml"/>
    <description>${escapeXml(clinic.tagline ?? `Articles of ${clinic.name}`)}</description>
    <language>en-us</language>
${items.join('')}  </channel>
</rss>
`;
}
