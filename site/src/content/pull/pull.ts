import path from 'node:path';
import type { BuildSettings } from '../../../settings.ts';
import { BuildError, ContentError } from '../../errors.ts';
import type { StoredPicture } from '../../features/pictures/stored-picture.ts';
import { cmsClient, type Patience } from './client.ts';
import { type PulledEntries, pullEntries } from './entries.ts';
import { pullPictures } from './pictures.ts';
import { relationProblems, slugProblems } from './problems.ts';
import { readState, writeState } from './state.ts';

/** All published content, checked as a whole. */
export interface Pulled {
  entries: PulledEntries;
  pictures: readonly StoredPicture[];
  /** What is shown in a lesser way, with the reason. */
  warnings: readonly string[];
}

/**
 * Pulls all published content and its pictures. Either everything comes back, and fits together, or nothing does.
 *
 * @throws ContentError with every fault of the content at once
 * @throws BuildError when the CMS cannot be read, or is suddenly empty
 */
export async function pull(settings: BuildSettings, limits?: Patience): Promise<Pulled> {
  const cacheDir = path.join(settings.dataDir, 'cache');
  const client = cmsClient(settings.cmsUrl, settings.buildToken, limits);
  const problems: string[] = [];
  const entries = await pullEntries(client, problems);
  refuseSuddenlyEmpty(entries, (await readState(cacheDir))?.articles ?? 0, settings);
  // Entries that did not fit are missing here, so relations to them would be blamed for it.
  if (problems.length === 0) problems.push(...relationProblems(entries));
  problems.push(...slugProblems(entries));
  if (problems.length > 0) throw new ContentError(problems);

  const { pictures, warnings } = await pullPictures(entries, settings);
  await writeState(cacheDir, { articles: entries.article.length });
  return { entries, pictures, warnings };
}

function refuseSuddenlyEmpty(entries: PulledEntries, articlesBefore: number, settings: BuildSettings): void {
  const published = Object.values(entries).some((ofType) => ofType.length > 0);
  if (!published) {
    throw new BuildError(
      `The CMS at ${settings.cmsUrl} has no published content at all. Run "npm run seed" on a new system; otherwise see that it uses the right database.`,
    );
  }
  if (entries.article.length === 0 && articlesBefore > 0 && !settings.acceptEmptyContent) {
    throw new BuildError(
      `The CMS at ${settings.cmsUrl} has no published article, and the build before had ${articlesBefore}. See that it uses the right database. If all articles are meant to go, build once with ACCEPT_EMPTY_CONTENT=true.`,
    );
  }
}
