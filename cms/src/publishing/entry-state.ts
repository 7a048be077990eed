import type { Status } from '@meridian/shared-types';
import type { EntryState, Fault } from './answers.ts';

/** What is known of an entry, or with `isPublished` and the last revision of all, of the site as a whole. */
export interface EntryFacts {
  /** Whether the CMS holds a published version. */
  isPublished: boolean;
  /** The last revision that changed it; null when it never was published, or longer ago than the log reaches. */
  revision: number | null;
  /** How the site stands; null when no site server answers. */
  status: Status | null;
  /** Entries that stand in the way, as staff know them. */
  faults: Fault[];
}

/** Where an entry stands between its draft and the public page. Revisions decide, never clocks. */
export function entryState({ isPublished, revision, status, faults }: EntryFacts): EntryState {
  if (!isPublished && revision === null) return { name: 'draft-only' };
  if (status === null) return { name: 'unreachable' };
  const wanted = revision ?? 0;
  if (status.live !== null && status.live.revision >= wanted) {
    return isPublished ? { name: 'live', since: liveSince(status, wanted) } : { name: 'draft-only' };
  }
  const removes = !isPublished;
  switch (status.state) {
    case 'held':
      if (status.hold === null) return { name: 'queued', removes };
      return { name: 'rolled-back', by: status.hold.by, since: status.hold.since };
    case 'waiting-for-approval': {
      const { approval } = status;
      if (approval === null || approval.revision < wanted) return { name: 'queued', removes };
      const { id, message, before, after } = approval;
      return { name: 'waiting-for-approval', id, message, before, after };
    }
    case 'failed': {
      const { message, retrying } = status.failure ?? { message: '', retrying: true };
      return { name: 'failed', message, faults, retrying };
    }
    case 'building': {
      if (status.wanted !== null && status.wanted < wanted) return { name: 'queued', removes };
      const { since, expectedSeconds } = status;
      return { name: 'building', removes, since, expectedSeconds };
    }
    case 'queued':
    case 'idle':
      return { name: 'queued', removes };
  }
}

/** When the first release with a revision went live; null when it is none of the last releases. */
function liveSince({ releases }: Status, revision: number): string | null {
  const first = releases
    .filter((release) => release.from < revision && release.revision >= revision)
    .sort((a, b) => a.revision - b.revision)[0];
  return first?.liveAt ?? null;
}
