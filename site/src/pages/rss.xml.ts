import type { APIRoute } from 'astro';
import { siteOverview } from '../content/queries.ts';
import { feed } from '../features/seo/feed.ts';

export const GET: APIRoute = async () => {
  const { library } = await siteOverview();
  return new Response(feed(library), { headers: { 'content-type': 'application/rss+xml' } });
};
