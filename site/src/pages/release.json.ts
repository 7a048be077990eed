import type { APIRoute } from 'astro';
import { siteOverview } from '../content/queries.ts';
import { releaseManifest } from '../content/release-manifest.ts';

export const GET: APIRoute = async () => {
  const { revision, library, views } = await siteOverview();
  return Response.json(releaseManifest(revision, library, views));
};
