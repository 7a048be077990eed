import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Clinic, cleanBuild, liveFiles } from './clinic.ts';

/** An article that changes again and again, and the page that shows it. */
export interface Changing {
  /** Publishes it with other words, and gives them when the CMS says that it has them. */
  change(): Promise<string>;
  /** What patients read. */
  page(): Promise<string>;
}

/** Publishes an article to be changed. */
export async function changingArticle(clinic: Clinic, slug: string): Promise<Changing> {
  const type = '/content-manager/collection-types/api::article.article';
  const data = { title: 'An article that changes', slug, summary: 'It has not changed yet.' };
  const made = await clinic.admin('POST', `${type}/actions/publish`, data);
  expect(made.status, made.text).toBe(200);
  const { documentId } = (made.body as { data: { documentId: string } }).data;
  let changes = 0;
  return {
    async change() {
      changes += 1;
      const summary = `Changed for the ${changes}. time.`;
      const { status, text } = await clinic.admin('POST', `${type}/${documentId}/actions/publish`, {
        summary,
      });
      expect(status, text).toBe(200);
      return summary;
    },
    page: async () => (await fetch(`${clinic.siteUrl}/articles/${slug}/`)).text(),
  };
}

/**
 * Kills the site server at a random moment of each of so many publishes. Whatever it was at, the live release is whole,
 * and in the end the site shows, without anybody's help, what was published last.
 *
 * @returns how many releases went live meanwhile
 */
export async function survivesKills(clinic: Clinic, publishes: number): Promise<number> {
  const article = await changingArticle(clinic, `killed-${publishes}`);
  const begin = performance.now();
  await clinic.killSite();
  clinic.startSite();
  await clinic.settle();
  // From the start of the server to the swap and a bit beyond, so that every step is met.
  const longest = (performance.now() - begin) * 1.5;
  let words = '';
  const seen = new Set<string>();
  for (let publish = 0; publish < publishes; publish += 1) {
    words = await article.change();
    await sleep(Math.random() * longest);
    await clinic.killSite();
    const files = await liveFiles(clinic);
    seen.add(files[`articles/killed-${publishes}/index.html`] ?? '');
    clinic.startSite();
  }
  const status = await clinic.settle();
  expect(status.state).toBe('idle');
  expect(await article.page()).toContain(words);
  expect({ files: await liveFiles(clinic) }).toEqual(await cleanBuild(clinic));
  return seen.size;
}
