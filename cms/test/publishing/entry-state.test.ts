import { describe, expect, it } from 'vitest';
import type { Status } from '@meridian/shared-types';
import type { EntryState } from '../../src/publishing/answers.ts';
import { entryState, type EntryFacts } from '../../src/publishing/entry-state.ts';
import { furthestBehind } from '../../src/site-servers/servers.ts';

const T = '2026-03-01T22:02:00.000Z';
const release = (revision: number, from: number, liveAt = T) => ({
  id: `r${String(revision)}`,
  revision,
  from,
  liveAt,
  kept: true,
});
const status = (more: Partial<Status>): Status => ({
  live: { id: 'r10', revision: 10, liveAt: T },
  state: 'idle',
  since: T,
  wanted: 10,
  expectedSeconds: 12,
  failure: null,
  approval: null,
  hold: null,
  releases: [release(10, 5), release(5, 0)],
  ...more,
});
const approval = (revision: number) => ({ id: 'a', message: 'Fewer pages.', before: 40, after: 3, revision });
const hold = { id: 'r5', by: 'Kim Lee', since: T };

describe('entryState', () => {
  const cases: [string, Partial<EntryFacts>, EntryState][] = [
    ['never published', { isPublished: false, revision: null }, { name: 'draft-only' }],
    [
      'never published, no server',
      { isPublished: false, revision: null, status: null },
      { name: 'draft-only' },
    ],
    ['no server answers', { status: null }, { name: 'unreachable' }],
    ['nothing is live yet', { status: status({ live: null }) }, { name: 'queued', removes: false }],
    ['live', { revision: 10 }, { name: 'live', since: T }],
    ['live since an older release', { revision: 4 }, { name: 'live', since: T }],
    ['live for longer than the list reaches', { revision: 0 }, { name: 'live', since: null }],
    ['live for longer than the log reaches', { revision: null }, { name: 'live', since: null }],
    [
      'live although another change is being built',
      { revision: 9, status: status({ state: 'building', wanted: 11 }) },
      { name: 'live', since: T },
    ],
    [
      'live although another change failed',
      { revision: 9, status: status({ state: 'failed' }) },
      { name: 'live', since: T },
    ],
    ['gone from the site', { isPublished: false, revision: 10 }, { name: 'draft-only' }],
    ['unpublished, not gone yet', { isPublished: false, revision: 11 }, { name: 'queued', removes: true }],
    ['the server does not know of it yet', { revision: 11 }, { name: 'queued', removes: false }],
    [
      'queued',
      { revision: 11, status: status({ state: 'queued', wanted: 11 }) },
      { name: 'queued', removes: false },
    ],
    [
      'building',
      { revision: 11, status: status({ state: 'building', wanted: 11 }) },
      { name: 'building', removes: false, since: T, expectedSeconds: 12 },
    ],
    [
      'an older change is being built',
      { revision: 12, status: status({ state: 'building', wanted: 11 }) },
      { name: 'queued', removes: false },
    ],
    [
      'failed',
      {
        revision: 11,
        status: status({ state: 'failed', failure: { message: 'No title.', entries: [], retrying: false } }),
      },
      { name: 'failed', message: 'No title.', faults: [], retrying: false },
    ],
    [
      'waiting for approval',
      { revision: 11, status: status({ state: 'waiting-for-approval', approval: approval(11) }) },
      { name: 'waiting-for-approval', id: 'a', message: 'Fewer pages.', before: 40, after: 3 },
    ],
    [
      'published after what waits for approval',
      { revision: 12, status: status({ state: 'waiting-for-approval', approval: approval(11) }) },
      { name: 'queued', removes: false },
    ],
    [
      'rolled back',
      { revision: 11, status: status({ state: 'held', hold }) },
      { name: 'rolled-back', by: 'Kim Lee', since: T },
    ],
    [
      'rolled back to a release that has it',
      { revision: 5, status: status({ state: 'held', hold }) },
      { name: 'live', since: T },
    ],
  ];
  it.each(cases)('%s', (_name, facts, expected) => {
    expect(entryState({ isPublished: true, revision: 10, status: status({}), faults: [], ...facts })).toEqual(
      expected,
    );
  });
});

describe('furthestBehind', () => {
  it('takes the server whose patients see the oldest release', () => {
    const old = status({ live: { id: 'r5', revision: 5, liveAt: T } });
    const empty = status({ live: null });
    expect(furthestBehind([status({}), old])).toBe(old);
    expect(furthestBehind([status({}), empty, old])).toBe(empty);
    expect(furthestBehind([])).toBeNull();
  });
});
