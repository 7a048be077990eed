import type { Core } from '@strapi/strapi';
import type { Status } from '@meridian/shared-types';
import { siteTypes, type ContentType } from '../internals.ts';
import { revisionsBetween, type Revision } from '../revisions/log.ts';
import type { ReleaseAnswer, ReleasedChange } from './answers.ts';

/** As many releases, and changes of each, as the home page has room for. */
const RELEASES = 8;
const REVISIONS_READ = 200;

/**
 * The last releases with what each changed and who made the changes.
 *
 * @param mayRead whether the person may read entries of a type; what they may not is left out
 */
export async function releaseList(
  strapi: Core.Strapi,
  status: Status | null,
  mayRead: (uid: string) => boolean,
): Promise<ReleaseAnswer[]> {
  const types = siteTypes(strapi);
  const releases = (status?.releases ?? []).slice(0, RELEASES);
  return Promise.all(
    releases.map(async ({ id, liveAt, kept, from, revision }) => {
      const revisions = await revisionsBetween(strapi, from, revision, REVISIONS_READ);
      const seen = revisions.filter(({ type }) => {
        const known = types.find(({ info }) => info.singularName === type);
        return known === undefined || mayRead(known.uid);
      });
      return {
        id,
        liveAt,
        kept,
        isLive: status?.live?.id === id,
        wentBack: from > revision,
        changes: changesOf(seen, types),
        by: [...new Set(seen.map(({ actor }) => actor).filter((actor) => actor !== null))],
      };
    }),
  );
}

/** What revisions, newest first, did in the end: each entry once, with its last action. */
export function changesOf(
  revisions: readonly Revision[],
  types: readonly Pick<ContentType, 'uid' | 'kind' | 'info'>[],
): ReleasedChange[] {
  const last = new Map<string, ReleasedChange>();
  for (const { type, documentId, title, action } of revisions) {
    const key = `${type} ${documentId}`;
    if (last.has(key)) continue;
    const known = types.find(({ info }) => info.singularName === type);
    last.set(key, {
      typeName: known?.info.displayName ?? 'Picture',
      title,
      action,
      editPath: known === undefined || action === 'delete' ? null : editPath(known, documentId),
    });
  }
  return [...last.values()];
}

/** Where an entry is edited, as a path within the admin. */
export function editPath({ uid, kind }: Pick<ContentType, 'uid' | 'kind'>, documentId: string): string {
  return kind === 'singleType'
    ? `/content-manager/single-types/${uid}`
    : `/content-manager/collection-types/${uid}/${documentId}`;
}
