import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../settings.ts';
import { copyCheckout, runIn } from './checkout.ts';
import { applyChange, stepsOf } from './guide.ts';
import { missingPieces } from './wiring.ts';

/** They take minutes: guide.long.test.ts runs them. */
const slow = ['npm run check', 'npm run doctor', 'npm start'];

const steps = stepsOf(readFileSync(join(root, 'docs/content-types.md'), 'utf8'));
let checkout: Awaited<ReturnType<typeof copyCheckout>>;

beforeAll(async () => {
  checkout = await copyCheckout();
});
afterAll(() => checkout.remove());

test(
  'whoever follows the guide has a type that is wired completely, and that the compiler accepts',
  { timeout: 600_000 },
  async () => {
    const commands = steps.flatMap((step) => (step.kind === 'command' ? [step.line] : []));
    expect(commands).toEqual(expect.arrayContaining(slow));
    const { folder } = checkout;
    for (const step of steps) {
      if (step.kind === 'change') applyChange(folder, step);
      else if (!slow.includes(step.line)) runIn(folder, step.line);
    }
    // A name of two words has other forms in code, addresses and files.
    runIn(folder, 'npm run new:type -- patient-story');
    runIn(folder, 'npm test -- --project unit site/src/content/catalogs');
    expect(await missingPieces(folder)).toEqual([]);
    expect(runIn(folder, 'npm run generate -- --check')).toContain('is up to date');
    runIn(folder, 'npx prettier --check site/src/content/catalogs site/src/pages cms/src/api cms/fixture');
    expect(runIn(folder, 'npx astro check --root site --noSync')).toContain('- 0 errors');
  },
);
