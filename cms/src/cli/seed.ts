import { resolve } from 'node:path';
import { seed } from '../seeding/seed.ts';
import { fail, loadStrapi } from './app.ts';

const appDir = resolve(__dirname, '../../..');

/** `seed [--fixture] [--if-empty]`: fills a database with the starting content or with the fictitious clinic. */
async function main(): Promise<void> {
  process.chdir(appDir);
  const folder = resolve(appDir, process.argv.includes('--fixture') ? 'fixture' : 'content');
  const strapi = await loadStrapi();
  try {
    const report = await seed(strapi, folder, { onlyIfEmpty: process.argv.includes('--if-empty') });
    console.log(report);
  } finally {
    await strapi.destroy();
  }
  process.exit(0);
}

main().catch(fail);
