import { createHash } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import { table } from '../internals.ts';

const IMPORT_SOURCE = 'api::import-source.import-source';

/** What an import made of one source, so that the next run knows it again. */
export interface ImportRecord {
  /** Document id of the entry, or numeric id of the picture. */
  target: string;
  /** Of what was written. */
  digest: string;
  /** When the import last wrote the draft, as the draft itself says; a draft with another time was edited since. */
  writtenAt: string | null;
  /** Whether an import has published it, which it does once. */
  wasPublished: boolean;
}

/** The record of a source; null when it never came. */
export async function findRecord(strapi: Core.Strapi, sourceId: string): Promise<ImportRecord | null> {
  return table<ImportRecord>(strapi, IMPORT_SOURCE).findOne({ where: { sourceId: key(sourceId) } });
}

/** Notes what became of a source, over what was noted before. */
export async function saveRecord(
  strapi: Core.Strapi,
  sourceId: string,
  record: Partial<ImportRecord>,
): Promise<void> {
  const records = table<ImportRecord>(strapi, IMPORT_SOURCE);
  const where = { sourceId: key(sourceId) };
  if ((await records.findOne({ where })) === null) await records.create({ data: { ...where, ...record } });
  else await records.update({ where, data: record });
}

/** The document id of the entry that a source becomes: known before it is written, so that links can name it. */
export function documentIdOf(sourceId: string): string {
  const number = BigInt(`0x${digestOf(sourceId)}`);
  // Strapi takes a text that begins with a digit for the number of a row.
  return `i${number.toString(36).padStart(23, '0').slice(-23)}`;
}

/** SHA-256 of a value, which JSON can hold. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Ids may be longer than the column, which is a line of 255 characters. */
function key(sourceId: string): string {
  return sourceId.length <= 200 ? sourceId : `${sourceId.slice(0, 120)}…${digestOf(sourceId)}`;
}
