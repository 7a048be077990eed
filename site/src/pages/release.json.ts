import type { APIRoute } from 'astro';
import { siteOverview } from '../content/queries.ts';
import { releaseManifest } from '../content/release-manifest.ts';

export const GET: APIRoute = async () => {
  const { revision, library, views, redirects } = await siteOverview();
  return Response.json(releaseManifest(revision, library, views, redirects));
};
