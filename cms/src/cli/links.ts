import { parseArgs } from 'node:util';
import { claimRound } from '../external-links/claim.ts';
import { isPublicAddress } from '../external-links/private-addresses.ts';
import { checkExternalLinks } from '../external-links/round.ts';
import { fail, loadStrapi } from './app.ts';

/**
 * Tries the links to other sites that are due (at `--now`, an ISO instant) and ends. `--allow` names an address outside
 * the public internet that may be asked as well, `--only` how the addresses begin that are tried. With `--claim` it does so
 * only if no other replica has the round of the day, as the daily job.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      now: { type: 'string' },
      allow: { type: 'string' },
      only: { type: 'string', default: '' },
      claim: { type: 'boolean', default: false },
    },
  });
  const now = values.now === undefined ? new Date() : new Date(values.now);
  const strapi = await loadStrapi();
  if (values.claim && !(await claimRound(strapi, now))) {
    console.log('Another replica has the round of the day.');
  } else {
    const count = await checkExternalLinks(strapi, {
      now,
      mayAsk: (address) => address === values.allow || isPublicAddress(address),
      isTried: (url) => url.startsWith(values.only),
      pause: 0,
    });
    console.log(`${String(count)} links were tried.`);
  }
  await strapi.destroy();
  process.exit(0);
}

main().catch(fail);
