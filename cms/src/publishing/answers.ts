import type { RevisionAction } from '../revisions/log.ts';

/** An entry that stands in the way of a release, with where staff mend it in the admin; null for a type unknown here. */
export interface Fault {
  typeName: string;
  title: string | null;
  message: string;
  editPath: string | null;
}

/** Where one entry stands between its draft and the public page. Times are ISO 8601 in UTC. */
export type EntryState =
  /** No patient sees it, and nothing is under way. */
  | { name: 'draft-only' }
  /** Its last change waits for a build. */
  | { name: 'queued'; removes: boolean }
  /** Its last change is in the build that runs since `since`. */
  | { name: 'building'; removes: boolean; since: string; expectedSeconds: number | null }
  /** Patients see its last published version; since when, where the log reaches back so far. */
  | { name: 'live'; since: string | null }
  /** The build failed; patients still see what they saw before. */
  | { name: 'failed'; message: string; faults: Fault[]; retrying: boolean }
  /** The release that holds its last change waits for a person's word. */
  | { name: 'waiting-for-approval'; id: string; message: string; before: number; after: number }
  /** Somebody went back to an older release, without its last change. */
  | { name: 'rolled-back'; by: string; since: string }
  /** No site server answers. */
  | { name: 'unreachable' };

/** What a person may see and do beside an entry. */
export interface EntryAnswer {
  state: EntryState;
  /** The public page; null while there is none. */
  pageUrl: string | null;
  /** Whether this person may approve, resume and roll back. */
  mayDecide: boolean;
  /** IANA name of the clinic's time zone. */
  timeZone: string;
}

/** One change that a release brought. */
export interface ReleasedChange {
  typeName: string;
  title: string | null;
  action: RevisionAction;
  editPath: string | null;
}

/** A release as staff see it. */
export interface ReleaseAnswer {
  id: string;
  liveAt: string;
  isLive: boolean;
  /** Whether the site can go back to it. */
  kept: boolean;
  /** Whether it went live because somebody went back to it. */
  wentBack: boolean;
  /** Newest first, each entry once; only of types that the person may read. */
  changes: ReleasedChange[];
  /** Display names of those who made the changes. */
  by: string[];
}

/** What the home page of the admin shows. */
export interface SiteAnswer {
  state: EntryState;
  siteUrl: string;
  releases: ReleaseAnswer[];
  mayDecide: boolean;
  timeZone: string;
}
