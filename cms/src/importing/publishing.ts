import type { Core } from '@strapi/strapi';
import { table } from '../internals.ts';
import { refusalOf, uidOf, type EntryType } from './entries.ts';
import { findRecord, saveRecord } from './records.ts';
import type { Line } from './report.ts';

/** A draft of this import that may be published. */
export interface Publishable {
  sourceId: string;
  type: EntryType;
  documentId: string;
  /** Entries that it shows; patients would miss them while they are drafts. */
  needs: readonly { type: EntryType; documentId: string; title: string }[];
  line: Line;
  /** Says in the report why it was not published. */
  refuse: (reason: string) => void;
}

/**
 * Publishes what the CMS lets through. Entries may need one another, so what was refused is tried again as long as
 * anything else could be published.
 */
export async function publishAll(
  strapi: Core.Strapi,
  drafts: readonly Publishable[],
  onStep: () => void,
): Promise<void> {
  let waiting = drafts;
  let refusals = new Map<Publishable, string>();
  for (let before = Infinity; waiting.length > 0 && waiting.length < before;) {
    before = waiting.length;
    refusals = new Map();
    for (const draft of waiting) {
      const refusal = await publish(strapi, draft);
      if (refusal === null) onStep();
      else refusals.set(draft, refusal);
    }
    waiting = [...refusals.keys()];
  }
  for (const [draft, refusal] of refusals) {
    onStep();
    draft.refuse(refusal);
  }
}

/** @returns why it was not published; null when it was, or is to stay as it is */
async function publish(strapi: Core.Strapi, draft: Publishable): Promise<string | null> {
  const { sourceId, type, documentId, needs, line } = draft;
  const uid = uidOf(type);
  const record = await findRecord(strapi, sourceId);
  const isOut = await isPublished(strapi, type, documentId);
  if (record?.wasPublished === true && !isOut) return 'Somebody has taken it off the site since: that stays.';
  if (isOut && line.outcome === 'unchanged') return null;
  for (const need of needs) {
    if (!(await isPublished(strapi, need.type, need.documentId))) {
      return `Its ${need.type} "${need.title}" is not published. Publish that first.`;
    }
  }
  const draftRow = table<{ updatedAt: string | Date }>(strapi, uid);
  const where = { documentId, publishedAt: { $null: true } };
  try {
    const service: { publish?: (params: { documentId: string }) => Promise<unknown> } = strapi.documents(uid);
    await service.publish?.({ documentId });
  } catch (error) {
    return refusalOf(error);
  }
  const row = await draftRow.findOne({ where });
  const writtenAt = row === null ? null : new Date(row.updatedAt).toISOString();
  await saveRecord(strapi, sourceId, { wasPublished: true, writtenAt });
  line.wasPublished = true;
  return null;
}

async function isPublished(strapi: Core.Strapi, type: EntryType, documentId: string): Promise<boolean> {
  const where = { documentId, publishedAt: { $notNull: true } };
  return (await table(strapi, uidOf(type)).count({ where })) > 0;
}
