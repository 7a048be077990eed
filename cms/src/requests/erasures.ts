import type { Core } from '@strapi/strapi';
import { table } from '../internals.ts';
import { noteErasures, readNotes } from './erasure-notes.ts';
import { REQUEST, TOMBSTONE, type RequestRow } from './records.ts';
import { remove } from './removal.ts';

const AT_ONCE = 500;
/** A transaction that began earlier may end later: so many ids back tombstones are looked for. More than one clean-up makes. */
const OVERLAP = 2_000;

/**
 * Erases again what a restored database has although it was erased, and notes what the database knows as erased and the
 * notes do not. Safe to repeat.
 */
export async function reapplyErasures(strapi: Core.Strapi): Promise<void> {
  const notes = readNotes(strapi);
  const erased = [...new Set(notes.flatMap((references) => [...references]))];
  let count = 0;
  for (let start = 0; start < erased.length; start += AT_ONCE) {
    const found = await table<RequestRow>(strapi, REQUEST).findMany({
      where: { reference: { $in: erased.slice(start, start + AT_ONCE) } },
    });
    if (found.length > 0) await remove(strapi, found, 'erased', 'Restore');
    count += found.length;
  }
  if (count > 0) {
    strapi.log.info(`${String(count)} consultation requests that had been erased before were erased again.`);
  }
  const buried = await table<{ reference: string }>(strapi, TOMBSTONE).findMany({ select: ['reference'] });
  noteMissing(strapi, buried);
}

/**
 * Gives a task that notes what other replicas of the CMS erased since it was last done, so that the notes of each hold all:
 * a replica's disk may be thrown away.
 */
export function followErasures(strapi: Core.Strapi): () => Promise<void> {
  let last = 0;
  let known = new Set<number>();
  return async () => {
    const buried = await table<{ id: number; reference: string }>(strapi, TOMBSTONE).findMany({
      where: { id: { $gt: last - OVERLAP } },
      select: ['id', 'reference'],
      orderBy: { id: 'asc' },
    });
    const fresh = buried.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return;
    noteMissing(strapi, fresh);
    known = new Set(buried.map(({ id }) => id));
    last = buried.at(-1)?.id ?? 0;
  };
}

function noteMissing(strapi: Core.Strapi, buried: readonly { reference: string }[]): void {
  const notes = readNotes(strapi);
  const missing = buried
    .map(({ reference }) => reference)
    .filter((reference) => notes.some((references) => !references.has(reference)));
  noteErasures(strapi, [...new Set(missing)]);
}
