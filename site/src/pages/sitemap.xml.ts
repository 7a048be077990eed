import type { APIRoute } from 'astro';
import { siteOverview } from '../content/queries.ts';
import { sitemap } from '../features/seo/sitemap.ts';

export const GET: APIRoute = async () => {
  const { library, views } = await siteOverview();
  return new Response(sitemap(views, library), { headers: { 'content-type': 'application/xml' } });
};
