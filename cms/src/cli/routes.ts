import { fail, loadStrapi } from './app.ts';

/** Prints every route of the CMS, admin and upload included: one JSON object `{ methods, path }` a line. */
async function main(): Promise<void> {
  process.chdir(`${__dirname}/../../..`);
  const strapi = await loadStrapi();
  strapi.server.mount();
  for (const { methods, path } of strapi.server.listRoutes() as { methods: string[]; path: string }[]) {
    console.log(JSON.stringify({ methods, path }));
  }
  await strapi.destroy();
  process.exit(0);
}

main().catch(fail);
