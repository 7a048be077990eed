import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { type ContentTypeName, contentTypes, eachType } from '@meridian/shared-types';
import { z } from 'zod';
import type { Problem } from '../../errors.ts';
import type { Contents } from './contents.ts';
import { checkedEntries, type RawEntry } from './entries.ts';

const entriesSchema = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));
const stateSchema = z.object({
  /** From what the entries were read: another contract or another CMS makes them worthless. */
  source: z.string(),
  revision: z.int().nonnegative(),
  mediaRevision: z.int().nonnegative(),
  entries: entriesSchema,
});
const countSchema = z.object({ entries: z.object({ article: z.array(z.unknown()) }) });

/** What the pull before left behind. */
export interface PullState {
  /** How many articles it had, to notice content that is suddenly gone. */
  articles: number;
  /** Null: not to be trusted, so everything has to be pulled. */
  contents: Contents | null;
}

/** The state of the pull before; empty when there was none or it cannot be read. */
export async function readState(cacheDir: string, cmsUrl: string): Promise<PullState> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(stateFile(cacheDir), 'utf8'));
  } catch {
    return { articles: 0, contents: null };
  }
  const count = countSchema.safeParse(value);
  const articles = count.success ? count.data.entries.article.length : 0;
  const result = stateSchema.safeParse(value);
  if (!result.success || result.data.source !== source(cmsUrl)) return { articles, contents: null };
  const { revision, mediaRevision, entries } = result.data;
  const problems: Problem[] = [];
  const raws = eachType((name) => new Map((entries[name] ?? []).map((raw) => [idOf(raw), raw])));
  const checked = checkedEntries(raws, null, problems);
  return { articles, contents: problems.length > 0 ? null : { revision, mediaRevision, entries: checked } };
}

/** Keeps the contents of a pull that went through, whole or not at all. */
export async function writeState(cacheDir: string, cmsUrl: string, contents: Contents): Promise<void> {
  const { revision, mediaRevision, entries } = contents;
  const raws = eachType((name: ContentTypeName) => entries[name].map(({ raw }) => raw));
  await mkdir(cacheDir, { recursive: true });
  const file = stateFile(cacheDir);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    const state: z.infer<typeof stateSchema> = {
      source: source(cmsUrl),
      revision,
      mediaRevision,
      entries: raws,
    };
    await handle.writeFile(JSON.stringify(state));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

function source(cmsUrl: string): string {
  const queries = Object.values(contentTypes).map(({ query }) => query);
  return createHash('sha256')
    .update(JSON.stringify([1, cmsUrl, queries]))
    .digest('hex');
}

function idOf(raw: RawEntry): string {
  return typeof raw['documentId'] === 'string' ? raw['documentId'] : '';
}

function stateFile(cacheDir: string): string {
  return path.join(cacheDir, 'pull.json');
}
