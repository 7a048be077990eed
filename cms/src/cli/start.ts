import { offerMetrics } from '../monitoring/offer.ts';
import { fail, loadStrapi } from './app.ts';

async function main(): Promise<void> {
  process.chdir(`${__dirname}/../../..`);
  const strapi = await loadStrapi();
  await strapi.start();
  await offerMetrics(strapi);
}

main().catch(fail);
