import { expect, test } from 'vitest';
import { findingText, placeOf } from './finding.ts';

test.each([
  ['slug', 'Slug'],
  ['seo.title', 'Search and sharing, title'],
  ['references.0.url', 'Reference 1, address'],
  ['sections.2.questions.0.body', 'Section 3, question 1, text'],
  ['doItems.1', 'Do 2'],
  // Called one thing here and another there: by its name in the schema.
  ['sections.0.image', 'Section 1, image'],
  ['address.postalCode', 'Address, ZIP code'],
  ['aFieldThatNoTypeHas', 'A field that no type has'],
])('%s is called %s, as the form does', (path, place) => {
  expect(placeOf(path)).toBe(place);
});

test('a finding in one line has place, fault and fix', () => {
  const finding = { level: 'blocks', rule: 'empty', path: 'sections.0.body', mend: 'Write it.' } as const;
  expect(findingText({ ...finding, message: 'is empty.' })).toBe('Section 1, text: is empty. Write it.');
});
