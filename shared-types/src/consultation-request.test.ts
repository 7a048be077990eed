import { expect, it } from 'vitest';
import { keptReferencePattern, referencePattern } from './index.ts';

it.each(['KX7-4QM-R9T', '346-799-439'])('%s is a reference, and is kept as one', (reference) => {
  expect(referencePattern.test(reference)).toBe(true);
  expect(keptReferencePattern.test(reference)).toBe(true);
});

it.each(['KX7-4QM-R9T-2', '346-799-439-12'])('%s is none that a patient has, and kept', (reference) => {
  expect(referencePattern.test(reference)).toBe(false);
  expect(keptReferencePattern.test(reference)).toBe(true);
});

it.each(['', 'KX7-4QM', 'KX7-4QM-R9T-', 'KX7-4QM-R9T-0', 'KX7-4QM-R9T-2-2', 'KX7-4QM-R9A', '346-799'])(
  '"%s" is no reference',
  (text) => {
    expect(keptReferencePattern.test(text)).toBe(false);
  },
);
