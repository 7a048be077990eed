import { fail, loadStrapi } from './app.ts';

async function main(): Promise<void> {
  process.chdir(`${__dirname}/../../..`);
  const strapi = await loadStrapi();
  await strapi.start();
}

main().catch(fail);
