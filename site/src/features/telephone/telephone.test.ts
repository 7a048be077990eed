import { expect, test } from 'vitest';
import { telephone } from './telephone.ts';

test.each([
  ['(310) 828-7757', 'tel:+13108287757'],
  ['1-310-828-7757', 'tel:+13108287757'],
  ['+44 20 7946 0018', 'tel:+442079460018'],
  ['310.828.7757 ext. 12', 'tel:+13108287757;ext=12'],
  ['911', 'tel:911'],
])('links %s to %s and shows it as written', (text, href) => {
  expect(telephone(text)).toEqual({ text, href });
});
