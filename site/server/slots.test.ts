import { expect, test } from 'vitest';
import { slotsIn } from './slot-marks.ts';
import { fillingsAt, fillSlots } from './slots.ts';
import { clinic, slot } from './test/site.ts';

const open = '<p data-state="open">Open now, until 6 pm.</p>';

test.each([
  ['2026-11-23T18:00:00Z', 'open', 'Open now, until 6 pm.'],
  ['2026-11-23T16:00:00Z', 'closed', 'Closed now. Opens today at 9 am.'],
  ['2026-11-24T02:30:00Z', 'closed', 'Closed now. Opens Monday at 9 am.'],
  ['2026-11-24T01:59:59Z', 'open', 'Open now, until 6 pm.'],
  // The same wall clock after daylight saving has begun.
  ['2026-03-16T16:00:00Z', 'open', 'Open now, until 6 pm.'],
])('says at %s that the clinic is %s', (moment, state, text) => {
  const expected = text.replace('Monday at', 'Monday, November 30, 2026, at');
  expect(fillingsAt({ clinic }, new Date(moment))).toEqual({
    'open-now': `<p data-state="${state}">${state === 'open' ? text : expected}</p>`,
  });
});

test('says nothing when the hours are not stated', () => {
  expect(fillingsAt({ clinic: { ...clinic, openingHours: [] } }, new Date())).toEqual({});
});

test('changes nothing outside of the slot, byte for byte', () => {
  const before = '<!-- slot:open-now --> $& $1 ünï 𝄞 \r\n';
  const after = '</p><!--slot:other-->x<!--/slot:other-->';
  expect(fillSlots(before + slot + after, { 'open-now': open })).toBe(
    `${before}<!--slot:open-now-->${open}<!--/slot:open-now-->${after}`,
  );
});

test('fills every slot of a page, and takes a filling literally', () => {
  expect(fillSlots(`${slot}-${slot}`, { 'open-now': '$&$1<b>' })).toBe(
    '<!--slot:open-now-->$&$1<b><!--/slot:open-now-->-<!--slot:open-now-->$&$1<b><!--/slot:open-now-->',
  );
});

test('leaves a slot alone that has no filling or no end', () => {
  expect(fillSlots(slot, {})).toBe(slot);
  expect(fillSlots('<!--slot:open-now-->rest', { 'open-now': open })).toBe('<!--slot:open-now-->rest');
});

test('finds the slots of a page', () => {
  expect(slotsIn(`<main>${slot}</main>`)).toEqual(['open-now']);
  expect(slotsIn('<!--/slot:open-now--><!--slot:open-now-->')).toEqual([]);
  expect(slotsIn('<p>slot:open-now</p>')).toEqual([]);
});
