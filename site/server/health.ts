import { diskCheck, readiness, type ReadyAnswer, type ReadyCheck } from '@meridian/shared-types/operations';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LiveRelease } from './live-release.ts';

/** What `/healthz` and `/readyz` look at. */
export interface HealthOptions {
  releases: LiveRelease;
  releasesDir: string;
  /** Whether the spool can take a request; null where no requests are taken. */
  spool: (() => Promise<boolean>) | null;
  headers: Readonly<Record<string, string>>;
}

/**
 * Answers whether the process is alive (`/healthz`) and whether it can serve patients (`/readyz`, 200 or 503). The CMS
 * is no part of it: without the CMS the site goes on.
 *
 * @returns what `/readyz` says, for others
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): () => Promise<ReadyAnswer> {
  const { releases, headers } = options;
  const ready = readiness(checksOf(options));
  const send = (reply: FastifyReply, status: number, answer: object) =>
    reply.code(status).headers(headers).header('cache-control', 'no-store').send(answer);
  app.route({
    method: ['GET', 'HEAD'],
    url: '/healthz',
    handler: async (_request, reply) =>
      send(reply, 200, { status: 'ok', release: (await releases.current())?.id ?? null }),
  });
  app.route({
    method: ['GET', 'HEAD'],
    url: '/readyz',
    handler: async (_request, reply) => {
      const answer = await ready();
      return send(reply, answer.status === 'ready' ? 200 : 503, answer);
    },
  });
  return ready;
}

function checksOf({ releases, releasesDir, spool }: HealthOptions): ReadyCheck[] {
  const release: ReadyCheck = {
    name: 'release',
    holds: 'A release is live.',
    fails: 'No release is live yet.',
    look: async () => (await releases.current()) !== null,
  };
  const disk = diskCheck(releasesDir);
  if (spool === null) return [release, disk];
  return [
    release,
    {
      name: 'spool',
      holds: 'Consultation requests can be kept.',
      fails: 'Consultation requests cannot be written to the disk.',
      look: spool,
    },
    disk,
  ];
}
