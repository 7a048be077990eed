import { createHash } from 'node:crypto';
import path from 'node:path';
import { typeNames } from '@meridian/shared-types';
import type { BuildSettings } from '../../../settings.ts';
import { BuildError, ContentError, type Problem } from '../../errors.ts';
import type { StoredPicture } from '../../features/pictures/stored-picture.ts';
import { cmsClient, type Patience } from './client.ts';
import { type Contents, presentContents } from './contents.ts';
import type { PulledEntries } from './entries.ts';
import { pullPictures } from './pictures.ts';
import { relationProblems, slugProblems, timeZoneProblems } from './problems.ts';
import { readState, writeState } from './state.ts';

/** All published content at one revision of the CMS, checked as a whole. */
export interface Pulled {
  revision: number;
  entries: PulledEntries;
  pictures: readonly StoredPicture[];
  /** What is shown in a lesser way, with the reason. */
  warnings: readonly string[];
  /** Tells one content from every other, whatever its revision. */
  digest: string;
  /** What the next pull in this process may begin with. */
  contents: Contents;
}

/**
 * Pulls all published content and its pictures: what changed since `known`, or else since the pull before. Either
 * everything comes back, and fits together, or nothing does.
 *
 * @param known contents of a pull before in this process
 * @throws ContentError with every fault of the content at once
 * @throws BuildError when the CMS cannot be read, or is suddenly empty
 */
export async function pull(
  settings: BuildSettings,
  limits?: Patience,
  known: Contents | null = null,
): Promise<Pulled> {
  const client = cmsClient(settings.cmsUrl, settings.buildToken, limits);
  const before =
    known === null
      ? await readState(path.join(settings.dataDir, 'cache'), settings.cmsUrl)
      : { articles: known.entries.article.length, contents: known };
  const problems: Problem[] = [];
  const contents = await presentContents(client, before.contents, problems);
  const { entries, revision } = contents;
  refuseSuddenlyEmpty(entries, problems, before.articles, settings);
  // Entries that did not fit are missing here, so relations to them would be blamed for it.
  if (problems.length === 0) problems.push(...relationProblems(entries));
  problems.push(...slugProblems(entries), ...timeZoneProblems(entries));
  if (problems.length > 0) throw new ContentError(problems);

  const { pictures, warnings } = await pullPictures(contents, settings, limits);
  // It is for processes to come, and grows with all content: one that knows its contents keeps them when it has time.
  if (known === null) await keepContents(settings, contents);
  return { revision, entries, pictures, warnings, digest: digestOf(entries, pictures), contents };
}

/** Keeps contents, from which the first pull of another process begins. */
export async function keepContents(settings: BuildSettings, contents: Contents): Promise<void> {
  await writeState(path.join(settings.dataDir, 'cache'), settings.cmsUrl, contents);
}

function digestOf(entries: PulledEntries, pictures: readonly StoredPicture[]): string {
  const hash = createHash('sha256');
  for (const name of typeNames) {
    for (const { id, digest } of entries[name]) hash.update(`${name}\0${id}\0${digest}\n`);
  }
  return hash.update(JSON.stringify(pictures)).digest('base64url');
}

function refuseSuddenlyEmpty(
  entries: PulledEntries,
  problems: readonly Problem[],
  articlesBefore: number,
  settings: BuildSettings,
): void {
  const published =
    problems.some(({ documentId }) => documentId !== null) ||
    Object.values(entries).some((ofType) => ofType.length > 0);
  if (!published) {
    throw new BuildError(
      `The CMS at ${settings.cmsUrl} has no published content at all. Run "npm run seed" on a new system; otherwise see that it uses the right database.`,
    );
  }
  const articles = entries.article.length + problems.filter(({ type }) => type === 'article').length;
  if (articles === 0 && articlesBefore > 0 && !settings.acceptEmptyContent) {
    throw new BuildError(
      `The CMS at ${settings.cmsUrl} has no published article, and the build before had ${articlesBefore}. See that it uses the right database. If all articles are meant to go, build once with ACCEPT_EMPTY_CONTENT=true.`,
    );
  }
}
