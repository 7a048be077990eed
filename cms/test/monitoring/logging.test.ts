import { expect, test } from 'vitest';
import schema from '../../src/api/consultation-request/content-types/consultation-request/schema.json' with { type: 'json' };
import { jsonLines } from '../../src/logging/format.ts';
import { requestIds } from '../../src/logging/request-ids.ts';
import { routeClass } from '../../src/monitoring/metrics.ts';
import { newestOf } from '../../src/monitoring/offer.ts';

const lineOf = (entry: Record<string, unknown>): Record<string, unknown> => {
  const { [Symbol.for('message')]: line } = jsonLines.transform({ level: 'info', message: '', ...entry });
  return JSON.parse(String(line)) as Record<string, unknown>;
};

test('a line of the log is one object with the id of the request that is being answered', () => {
  expect(requestIds.run('the-id', () => lineOf({ level: 'warn', message: 'Two\nlines.' }))).toMatchObject({
    level: 'warn',
    service: 'cms',
    msg: 'Two\nlines.',
    requestId: 'the-id',
  });
  expect(lineOf({ message: 'Outside.' })).not.toHaveProperty('requestId');
});

test('what errors say is kept, in whatever way Strapi hands them over', () => {
  const error = new Error('It broke.');
  expect(lineOf({ message: error })).toMatchObject({ msg: 'It broke.', stack: error.stack });
  expect(lineOf({ message: 'It broke.', stack: 'at x' })).toMatchObject({ msg: 'It broke.', stack: 'at x' });
  expect(lineOf({ message: 'x', error })).toMatchObject({ error: { message: 'It broke.' } });
  const endless: Record<string, unknown> = {};
  endless['self'] = endless;
  expect(lineOf({ message: endless })).toMatchObject({ level: 'info' });
});

test('what errors hold beside their message is not told: it repeats rows and what was typed', () => {
  const error = Object.assign(new Error('It broke.'), {
    code: '23514',
    detail: 'Failing row contains (1, Zyxcanary).',
    details: { errors: [{ path: ['phone'], value: 'Zyxcanary' }] },
  });
  const handedOver = [
    Object.assign(error, { level: 'error' }),
    { message: error },
    { message: 'Text It broke.', stack: error.stack, detail: error.detail, details: error.details },
    { message: 'Text', error },
  ];
  for (const entry of handedOver) {
    const { [Symbol.for('message')]: line } = jsonLines.transform(entry as never);
    expect(String(line)).toContain('It broke.');
    expect(String(line)).not.toContain('Zyxcanary');
  }
});

test('fields of consultation requests are hidden, those that only the content type has too', () => {
  const row = Object.fromEntries(Object.keys(schema.attributes).map((name) => [name, 'Zyxcanary']));
  const told = JSON.stringify(lineOf({ message: { row }, beside: [row] }));
  const shown = [...new Set([...told.matchAll(/"(\w+)":"Zyxcanary"/g)].map(([, name]) => name))];
  expect(shown.sort()).toEqual([
    'closedAt',
    'consent',
    'dueAt',
    'mailAttempts',
    'mailDueAt',
    'mailFailure',
    'mailedAt',
    'receivedAt',
    'reference',
    'stage',
    'suspectedSpam',
  ]);
});

test.each([
  ['/api/articles', 'content'],
  ['/api/consultation-requests/intake', 'intake'],
  ['/READYZ', 'health'],
  ['/uploads/ada.webp', 'uploads'],
  ['/content-manager/collection-types/x/ada', 'admin'],
  ['/', 'admin'],
])('%s counts as %s', (path, kind) => {
  expect(routeClass(path)).toBe(kind);
});

test('the newest backup is told by its name', () => {
  const names = [
    'a',
    'meridian-2026-01-31T030000000Z.tar.gz.age',
    'meridian-2026-02-01T030000500Z.tar.gz.age',
  ];
  const now = new Date('2026-02-01T12:00:00Z');
  expect(newestOf(names, now)?.toISOString()).toBe('2026-02-01T03:00:00.500Z');
  expect(newestOf(['meridian-2027-02-01T030000500Z.tar.gz.age', ...names], now)?.toISOString()).toBe(
    '2026-02-01T03:00:00.500Z',
  );
  expect(newestOf(['.meridian-2026-02-01T030000500Z.tar.gz.age.new'], now)).toBeNull();
});
