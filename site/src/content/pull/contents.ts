import { type ContentTypeName, eachType, typeNames } from '@meridian/shared-types';
import type { Problem } from '../../errors.ts';
import { type Change, changesSince, latestRevision, mediaType } from './changes.ts';
import type { CmsClient } from './client.ts';
import {
  checkedEntries,
  missingSingles,
  type PulledEntries,
  pullEverything,
  pullSome,
  type RawEntries,
} from './entries.ts';
import { mediaOf } from './media.ts';

/** All published entries as they were at one revision of the CMS. */
export interface Contents {
  revision: number;
  /** Revision up to which changes of files in the media library have been noticed. */
  mediaRevision: number;
  entries: PulledEntries;
}

/** Entries on their way to one revision. */
interface Draft {
  revision: number;
  mediaRevision: number;
  raws: RawEntries;
}

/**
 * Brings contents up to the CMS's present revision, fetching only what changed; without any, or when the log does not
 * tell all that changed, everything is pulled. Whoever publishes meanwhile is waited for, so that the outcome is what
 * the CMS had at one revision. What does not fit its contract is added to `problems`.
 *
 * @throws BuildError when the CMS cannot be read
 */
export async function presentContents(
  client: CmsClient,
  known: Contents | null,
  problems: Problem[],
): Promise<Contents> {
  const draft = (known === null ? null : await caughtUp(client, draftOf(known))) ?? (await all(client));
  problems.push(...missingSingles(draft.raws));
  const entries = checkedEntries(draft.raws, known?.entries ?? null, problems);
  return { revision: draft.revision, mediaRevision: draft.mediaRevision, entries };
}

function draftOf({ revision, mediaRevision, entries }: Contents): Draft {
  const raws: RawEntries = eachType((name) => new Map(entries[name].map(({ id, raw }) => [id, raw])));
  return { revision, mediaRevision, raws };
}

/** The revision is read before the entries: what changes while they come is fetched once more. */
async function all(client: CmsClient): Promise<Draft> {
  for (;;) {
    const revision = await latestRevision(client);
    const raws = await pullEverything(client);
    const draft = await caughtUp(client, { revision, mediaRevision: revision, raws });
    if (draft !== null) return draft;
  }
}

/** Null: the log does not tell what changed, or does not agree with the entries. */
async function caughtUp(client: CmsClient, draft: Draft): Promise<Draft | null> {
  for (;;) {
    const { revision, changes } = await changesSince(client, draft.revision);
    if (changes === null) return null;
    if (changes.length === 0) return { ...draft, revision };
    if (!(await fetchChanged(client, draft, changes))) return null;
    draft.revision = revision;
  }
}

/** Answers false when an entry is not there although the log's last word on it, then and now, is that it is. */
async function fetchChanged(client: CmsClient, draft: Draft, changes: readonly Change[]): Promise<boolean> {
  const media = changes.filter(({ type }) => type === mediaType);
  const files = new Set(media.map(({ documentId }) => documentId));
  draft.mediaRevision = media.at(-1)?.revision ?? draft.mediaRevision;
  for (const name of typeNames) {
    const ids = new Set(changes.filter(({ type }) => type === name).map(({ documentId }) => documentId));
    if (files.size > 0) for (const id of showing(draft.raws, name, files)) ids.add(id);
    if (ids.size === 0) continue;
    const found = await pullSome(client, name, [...ids]);
    for (const id of ids) {
      const raw = found.get(id);
      if (raw === undefined) draft.raws[name].delete(id);
      else draft.raws[name].set(id, raw);
    }
    const missing = [...ids].filter((id) => !found.has(id) && lastAction(changes, name, id) === 'publish');
    if (missing.length > 0 && !(await changedSince(client, changes, name, missing))) return false;
  }
  return true;
}

function lastAction(changes: readonly Change[], type: string, id: string): Change['action'] | null {
  return changes.findLast((change) => change.type === type && change.documentId === id)?.action ?? null;
}

/** Whether entries that were not sent have been changed once more meanwhile, which explains it. */
async function changedSince(
  client: CmsClient,
  seen: readonly Change[],
  type: ContentTypeName,
  ids: readonly string[],
): Promise<boolean> {
  const { changes } = await changesSince(client, seen.at(-1)?.revision ?? 0);
  return changes !== null && ids.every((id) => lastAction(changes, type, id) !== null);
}

/** Entries of a type that show one of these files of the media library. */
function showing(raws: RawEntries, name: ContentTypeName, files: ReadonlySet<string>): string[] {
  return [...raws[name]]
    .filter(([, raw]) => mediaOf(raw).some(({ documentId }) => files.has(documentId)))
    .map(([id]) => id);
}
