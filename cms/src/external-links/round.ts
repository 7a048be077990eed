import { questionsOf } from '@meridian/shared-types/checklist';
import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { contractOf, findEntry } from '../checklist/entries.ts';
import { publicTypes, table } from '../internals.ts';
import { type Answer, type AskOptions, askLink } from './ask.ts';
import { type LinkRow, linkTable } from './records.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Links that work, and links that are dead, are tried again after this long. */
const REST = 7 * DAY;
/** Those that one try left unsure are tried again the next day. */
const SHORT_REST = DAY - 60 * 60 * 1000;
/** Tries in a row without an answer, a day apart, after which a link counts as dead. */
const MOST_FAILURES = 3;
const AT_ONCE = 4;
/** Links of one round, so that it ends. */
const MOST = 500;
/** Between two links of one host. */
const PAUSE = 1000;

/** A round at another time, of other links or at another pace than the daily one. */
interface RoundOptions extends AskOptions {
  now?: Date;
  /** Milliseconds between two links of one host. */
  pause?: number;
  isTried?: (url: string) => boolean;
}

/**
 * Tries the links to other sites that published entries hold, those first that were not tried for longest, and forgets
 * those that no entry holds any more.
 *
 * @returns how many were tried
 */
export async function checkExternalLinks(strapi: Core.Strapi, options: RoundOptions = {}): Promise<number> {
  const { now = new Date(), pause = PAUSE, isTried = () => true } = options;
  const links = linkTable(strapi);
  const known = new Map((await links.findMany({})).map((row) => [row.url, row]));
  const urls = await publishedLinks(strapi);
  const forgotten = [...known.values()].filter(({ url }) => !urls.has(url)).map(({ id }) => id);
  if (forgotten.length > 0) await links.deleteMany({ where: { id: { $in: forgotten } } });

  const due = [...urls]
    .filter((url) => isTried(url) && isDue(known.get(url), now))
    .sort((a, b) => triedAt(known.get(a)) - triedAt(known.get(b)))
    .slice(0, MOST);
  const byHost = [...Map.groupBy(due, (url) => new URL(url).host).values()];
  const work = async (): Promise<void> => {
    for (let group = byHost.shift(); group !== undefined; group = byHost.shift()) {
      for (const [index, url] of group.entries()) {
        if (index > 0) await new Promise((resolve) => setTimeout(resolve, pause));
        await keep(strapi, url, known.get(url), await askLink(url, options), now);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return due.length;
}

async function keep(
  strapi: Core.Strapi,
  url: string,
  before: LinkRow | undefined,
  answer: Answer,
  now: Date,
): Promise<void> {
  const failures = answer.state === 'works' ? 0 : (before?.failures ?? 0) + 1;
  const data = {
    url,
    checkedAt: now,
    failures,
    reason: answer.state === 'works' ? null : answer.reason,
    isDead: answer.state === 'dead' || (answer.state === 'unsure' && failures >= MOST_FAILURES),
  };
  if (before === undefined) await linkTable(strapi).create({ data });
  else await linkTable(strapi).update({ where: { id: before.id }, data });
}

function isDue(row: LinkRow | undefined, now: Date): boolean {
  if (row === undefined || row.checkedAt === null) return true;
  const isUnsure = (row.failures ?? 0) > 0 && row.isDead !== true;
  // One from far ahead was tried while the clock was wrong.
  return Math.abs(now.getTime() - triedAt(row)) >= (isUnsure ? SHORT_REST : REST);
}

function triedAt(row: LinkRow | undefined): number {
  return row === undefined || row.checkedAt === null ? 0 : new Date(row.checkedAt).getTime();
}

/** Links to other sites of everything that patients see. */
async function publishedLinks(strapi: Core.Strapi): Promise<Set<string>> {
  const { origin } = new URL(strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl'));
  const urls = new Set<string>();
  for (const { uid } of publicTypes(strapi)) {
    const type = contractOf(uid)?.singularName;
    if (type === undefined) continue;
    const rows = await table<{ documentId: string }>(strapi, uid).findMany({
      select: ['documentId'],
      where: { publishedAt: { $notNull: true } },
    });
    for (const { documentId } of rows) {
      const entry = await findEntry(strapi, uid, documentId, 'published');
      if (entry === null) continue;
      for (const url of questionsOf(type, entry, origin).urls) if (URL.canParse(url)) urls.add(url);
    }
  }
  return urls;
}
