import type { RequestsStatus } from '@meridian/shared-types';

/** Requests that patients sent and that are not in the CMS yet, on all site servers together. Nothing personal. */
export interface OnTheWay {
  /** Site servers that give no account of theirs. */
  silent: number;
  /** Handed over by themselves as soon as that works; `since`: when the oldest of them came. */
  waiting: { count: number; since: string | null };
  /** Those of the waiting ones that need a former key of the spool. */
  locked: number;
  /** Set aside: they come only when a person sees to it. */
  setAside: RequestsStatus['rejected'];
}

/** Joins what the site servers say; null stands for one that says nothing. */
export function onTheWay(answers: readonly (RequestsStatus | null)[]): OnTheWay {
  const known = answers.filter((answer) => answer !== null);
  const since = known.flatMap(({ oldestSince }) => oldestSince ?? []).sort();
  return {
    silent: answers.length - known.length,
    waiting: { count: sum(known.map(({ waiting }) => waiting)), since: since[0] ?? null },
    locked: sum(known.map(({ locked }) => locked)),
    setAside: known
      .flatMap(({ rejected }) => rejected)
      .sort((one, other) => one.since.localeCompare(other.since)),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
