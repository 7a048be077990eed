import type { Core } from '@strapi/strapi';
import { followErasures } from './erasures.ts';
import { failureCode } from './failures.ts';
import { sendDueMails } from './mail.ts';
import { emptyLog } from './removal.ts';
import { expireRequests } from './retention.ts';

/** Starts the timed work on requests once the CMS serves; commands such as the seed load it and never do. */
export function startRequestJobs(strapi: Core.Strapi): void {
  strapi.server.httpServer.once('listening', () => {
    const expire = async (): Promise<void> => {
      try {
        const count = await expireRequests(strapi);
        await emptyLog(strapi);
        if (count > 0)
          strapi.log.info(`${String(count)} consultation requests were kept long enough and deleted.`);
      } catch (error) {
        strapi.log.error(
          `Old consultation requests could not be deleted (${failureCode(error)}). Tried again hourly.`,
        );
      }
    };
    const follow = followErasures(strapi);
    const note = async (): Promise<void> => {
      try {
        await follow();
      } catch (error) {
        strapi.log.error(
          `What was erased could not be looked up (${failureCode(error)}). Tried again in 5 s.`,
        );
      }
    };
    strapi.cron.add({
      'meridian-request-erasures': { task: note, options: { rule: '*/5 * * * * *' } },
      'meridian-request-mails': { task: () => sendDueMails(strapi), options: { rule: '*/5 * * * * *' } },
      'meridian-request-retention': { task: expire, options: { rule: '17 * * * *' } },
    });
    void expire();
  });
}
