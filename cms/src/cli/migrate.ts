import { fail, loadStrapi } from './app.ts';

/** Makes or brings up to date what the database needs, as every start does, and ends. */
async function main(): Promise<void> {
  process.chdir(`${__dirname}/../../..`);
  const strapi = await loadStrapi();
  await strapi.destroy();
  process.exit(0);
}

main().catch(fail);
