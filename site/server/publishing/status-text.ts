import type { Status } from '@meridian/shared-types';

/** How publishing came out: `fault` says what kept the newest content from going live, null when nothing did. */
export interface Outcome {
  text: string;
  fault: string | null;
}

/**
 * What there is to say when nothing more happens by itself; null: wait.
 * @param impatient whether to wait no longer for faults to pass
 */
export function outcomeOf(status: Status, impatient: boolean): Outcome | null {
  const text = liveLine(status);
  switch (status.state) {
    case 'idle':
      return { text, fault: null };
    case 'held':
    case 'waiting-for-approval':
      return { text: `${text}\n${stateLine(status)}`, fault: null };
    case 'failed':
      if (status.failure?.retrying === true && !impatient) return null;
      return { text, fault: status.failure?.message ?? 'The build failed.' };
    case 'queued':
    case 'building':
      return null;
  }
}

/** The state and the releases, as a person at a terminal reads them. */
export function describeStatus(status: Status): string {
  const releases = status.releases.map(({ id, liveAt, kept }) => {
    const mark = id === status.live?.id ? '*' : kept ? ' ' : '-';
    return `${mark} ${id}  since ${liveAt}${kept ? '' : '  (removed)'}`;
  });
  return [liveLine(status), stateLine(status), ...releases].filter((line) => line !== '').join('\n');
}

function liveLine({ live }: Status): string {
  return live === null
    ? 'No release is live yet.'
    : `Release ${live.id} (revision ${live.revision}) is live since ${live.liveAt}.`;
}

function stateLine({ state, failure, approval, hold, live, wanted }: Status): string {
  switch (state) {
    case 'held': {
      const waiting = wanted !== null && live !== null && wanted > live.revision;
      const queue = waiting ? ` What was published meanwhile (up to revision ${wanted}) waits.` : '';
      return `Rolled back by ${hold?.by ?? 'somebody'}, and held there.${queue} To go on: npm run release -- --resume`;
    }
    case 'waiting-for-approval':
      return `${approval?.message ?? ''} Release ${approval?.id ?? ''} waits. To let it go live: npm run release -- --approve`;
    case 'failed':
      return `The last build failed: ${failure?.message ?? ''}`;
    case 'queued':
      return 'A build is wanted and has not begun.';
    case 'building':
      return 'A build is running.';
    case 'idle':
      return '';
  }
}
