import { typeNames } from '@meridian/shared-types';
import type { Library } from '../../content/content.ts';
import type { PageFrame } from '../../content/views.ts';
import { absoluteUrl, consultationPath, entryPath, homePath } from '../../paths.ts';
import { escapeXml } from './xml.ts';

/** Sitemap of all pages that search engines may list. Pages of one entry say when it was last changed. */
export function sitemap(views: readonly PageFrame[], library: Library): string {
  const changed = lastChanges(library);
  const urls = views
    .filter(({ head }) => head.robots === null)
    .map(({ path }) => {
      const lastmod = changed.get(path);
      const when = lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`;
      return `  <url><loc>${escapeXml(absoluteUrl(library.siteUrl, path))}</loc>${when}</url>\n`;
    });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('')}</urlset>\n`;
}

function lastChanges(library: Library): Map<string, string> {
  return new Map([
    [homePath, library.homePage.updatedAt],
    [consultationPath(), library.consultationPage.updatedAt],
    ...typeNames.flatMap((name) =>
      library.entries[name].flatMap((entry): [string, string][] =>
        'slug' in entry ? [[entryPath(name, entry.slug), entry.updatedAt]] : [],
      ),
    ),
  ]);
}
