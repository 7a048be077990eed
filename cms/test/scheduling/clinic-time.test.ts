import { describe, expect, it } from 'vitest';
import { planTime } from '../../src/scheduling/clinic-time.ts';

const NOW = '2026-01-15T12:00:00Z';

describe('planning a time', () => {
  it.each([
    ['2026-02-02T09:00', 'America/Los_Angeles', '2026-02-02T17:00:00.000Z'],
    ['2026-07-02T09:00', 'America/Los_Angeles', '2026-07-02T16:00:00.000Z'],
    ['2026-07-02T09:00', 'America/Phoenix', '2026-07-02T16:00:00.000Z'],
    ['2026-07-02T09:00', 'Asia/Tokyo', '2026-07-02T00:00:00.000Z'],
    ['2026-07-02T09:00', 'Asia/Kathmandu', '2026-07-02T03:15:00.000Z'],
    ['2026-07-02T09:00', 'Australia/Lord_Howe', '2026-07-01T22:30:00.000Z'],
    ['2026-12-02T09:00', 'Australia/Lord_Howe', '2026-12-01T22:00:00.000Z'],
  ])('reads %s in %s', (local, zone, at) => {
    expect(planTime(local, zone, NOW)).toEqual({ ok: true, at, doubled: false });
  });

  it.each([
    ['2026-03-08T02:30', 'America/Los_Angeles', '2026-03-08 01:59', '2026-03-08 03:00'],
    ['2026-03-29T02:00', 'Europe/Berlin', '2026-03-29 01:59', '2026-03-29 03:00'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-04 01:59', '2026-10-04 02:30'],
    ['2026-09-06T00:30', 'America/Santiago', '2026-09-05 23:59', '2026-09-06 01:00'],
  ])('refuses %s in %s, which clocks skip, and names its neighbours', (local, zone, before, after) => {
    const planned = planTime(local, zone, NOW);
    expect(planned.ok ? '' : planned.message).toContain(`Choose ${before} or earlier, or ${after} or later.`);
  });

  it.each([
    ['2026-11-01T01:30', 'America/Los_Angeles', '2026-11-01T08:30:00.000Z', '2026-11-01T09:30:00.000Z'],
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z', '2026-04-04T15:15:00.000Z'],
  ])('takes the first %s in %s unless the second is meant', (local, zone, first, second) => {
    expect(planTime(local, zone, NOW)).toEqual({ ok: true, at: first, doubled: true });
    expect(planTime(local, zone, NOW, 'second')).toEqual({ ok: true, at: second, doubled: true });
  });

  it.each([
    ['2026-01-15T04:00', 'America/Los_Angeles', 'has passed'],
    ['2025-06-01T09:00', 'UTC', 'has passed'],
    ['2028-01-15T12:01', 'UTC', 'more than 2 years'],
    ['2026-02-30T09:00', 'UTC', 'that exist'],
    ['2026-02-03T24:00', 'UTC', 'that exist'],
    ['next Monday', 'UTC', 'that exist'],
    ['', 'UTC', 'that exist'],
    ['2026-02-03T09:00', 'Mars/Olympus', 'is unknown'],
  ])('refuses %s in %s: %s', (local, zone, why) => {
    const planned = planTime(local, zone, NOW);
    expect(planned.ok ? '' : planned.message).toContain(why);
  });

  it('allows a time of two years from now to the minute', () => {
    expect(planTime('2028-01-15T12:00', 'UTC', NOW).ok).toBe(true);
  });
});
