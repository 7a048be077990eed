import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { systemCode } from '../errors.ts';
import { sync } from '../release/durable.ts';
import { madeOfSchema } from './orders.ts';

const recordSchema = z.object({
  /** The live release. `revision` and `madeOf` may be newer than the release says itself: later ones came out the same. */
  live: z
    .object({
      id: z.string(),
      revision: z.int().nonnegative(),
      liveAt: z.iso.datetime(),
      madeOf: madeOfSchema,
    })
    .nullable(),
  approval: z
    .object({
      id: z.string(),
      message: z.string(),
      before: z.int().nonnegative(),
      after: z.int().nonnegative(),
      revision: z.int().nonnegative(),
      madeOf: madeOfSchema,
    })
    .nullable(),
  hold: z.object({ id: z.string(), by: z.string(), since: z.iso.datetime() }).nullable(),
  /** What went live, the newest first. */
  releases: z.array(
    z.object({
      id: z.string(),
      revision: z.int().nonnegative(),
      liveAt: z.iso.datetime(),
      from: z.int().nonnegative(),
    }),
  ),
  /** Seconds that recent builds took, the newest first. */
  seconds: z.array(z.number().nonnegative()),
});

/** What is remembered of publishing beside the releases themselves. */
export type PublishingRecord = z.infer<typeof recordSchema>;

const recordFile = 'publishing.json';

/** The record of a folder of releases; an empty one when there is none. `broken`: it could not be read. */
export async function readRecord(
  releasesDir: string,
): Promise<{ record: PublishingRecord; broken: boolean }> {
  const empty: PublishingRecord = { live: null, approval: null, hold: null, releases: [], seconds: [] };
  let text: string;
  try {
    text = await readFile(join(releasesDir, recordFile), 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { record: empty, broken: false };
    throw error;
  }
  const result = recordSchema.safeParse(parsed(text));
  return result.success ? { record: result.data, broken: false } : { record: empty, broken: true };
}

/** Keeps the record, whole or not at all, and waits until it is on the disk itself. */
export async function writeRecord(releasesDir: string, record: PublishingRecord): Promise<void> {
  const file = join(releasesDir, recordFile);
  const handle = await open(`${file}.new`, 'w');
  try {
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
  await sync(releasesDir);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
