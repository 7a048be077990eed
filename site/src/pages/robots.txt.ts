import type { APIRoute } from 'astro';
import { siteUrl } from '../../settings.ts';
import { absoluteUrl, sitemapPath } from '../paths.ts';

export const GET: APIRoute = () =>
  new Response(`User-agent: *\nAllow: /\n\nSitemap: ${absoluteUrl(siteUrl(), sitemapPath)}\n`);
