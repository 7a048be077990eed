import { expect, test } from 'vitest';
import { inFormerOrder } from '../../src/publishing/relation-order.ts';

const row = (documentId: string, place: number, id = 0) => ({ id, documentId, place });
const names = (rows: readonly { documentId: string }[]) => rows.map(({ documentId }) => documentId).join('');
const before = [row('a', 1), row('b', 2), row('c', 3)];

test.each([
  ['the same places', [row('b', 1), row('a', 1), row('c', 3)], 'abc'],
  ['turned places', [row('c', 1), row('b', 2), row('a', 3)], 'abc'],
  ['one gone', [row('c', 1), row('a', 1)], 'ac'],
  ['a new one at the place of another', [row('a', 1), row('b', 2), row('new', 2), row('c', 3)], 'anewbc'],
  ['a new one behind all', [row('a', 1), row('b', 2), row('c', 3), row('new', 9)], 'abcnew'],
  ['two new ones at one place', [row('y', 1, 8), row('x', 1, 7), row('a', 1)], 'xya'],
  ['nothing', [], ''],
])('keeps the former order with %s', (_, targets, expected) => {
  expect(names(inFormerOrder(targets, before))).toBe(expected);
});

test('goes by place and row where nothing was before', () => {
  expect(names(inFormerOrder([row('b', 2, 2), row('c', 2, 3), row('a', 1, 9)], []))).toBe('abc');
});
