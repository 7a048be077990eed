import { fail, loadStrapi } from './app.ts';

/** Prints every route of the CMS, admin and upload included: one JSON object `{ methods, path }` a line. */
async function main(): Promise<void> {
  process.chdir(`${__dirname}/../../..`);
  const strapi = await loadStrapi();
  strapi.server.mount();
  const routes = strapi.server.listRoutes() as { methods: string[]; path: string }[];
  const lines = routes.map(({ methods, path }) => `${JSON.stringify({ methods, path })}\n`);
  await strapi.destroy();
  // Ending the process before the pipe has taken everything would cut the list.
  process.stdout.write(`${lines.join('')}${String(routes.length)} routes\n`, () => process.exit(0));
}

main().catch(fail);
