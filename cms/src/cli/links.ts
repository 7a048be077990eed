import { parseArgs } from 'node:util';
import { isPublicAddress } from '../external-links/private-addresses.ts';
import { checkExternalLinks } from '../external-links/round.ts';
import { fail, loadStrapi } from './app.ts';

/**
 * Tries the links to other sites that are due (at `--now`, an ISO instant) and ends. `--allow` names an address outside
 * the public internet that may be asked as well, `--only` how the addresses begin that are tried.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { now: { type: 'string' }, allow: { type: 'string' }, only: { type: 'string', default: '' } },
  });
  const strapi = await loadStrapi();
  const count = await checkExternalLinks(strapi, {
    now: values.now === undefined ? new Date() : new Date(values.now),
    mayAsk: (address) => address === values.allow || isPublicAddress(address),
    isTried: (url) => url.startsWith(values.only),
    pause: 0,
  });
  console.log(`${String(count)} links were tried.`);
  await strapi.destroy();
  process.exit(0);
}

main().catch(fail);
