import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { claimRound } from './claim.ts';
import { checkExternalLinks } from './round.ts';

/** Every day, when few clinics work (UTC); links that were tried in the last days rest. */
const DAILY = '41 3 * * *';

/** Starts the daily check of links to other sites, unless the clinic's server has no way out. */
export function startLinkCheck(strapi: Core.Strapi): void {
  if (!strapi.config.get<MeridianConfig['checksLinks']>('meridian.checksLinks')) return;
  strapi.server.httpServer.once('listening', () => {
    const check = async (): Promise<void> => {
      try {
        if (await claimRound(strapi, new Date())) await checkExternalLinks(strapi);
      } catch (error) {
        const reason = error instanceof Error ? error.name : 'unknown';
        strapi.log.error(`Links to other sites could not be checked (${reason}). Tried again tomorrow.`);
      }
    };
    strapi.cron.add({ 'meridian-external-links': { task: check, options: { rule: DAILY } } });
  });
}
