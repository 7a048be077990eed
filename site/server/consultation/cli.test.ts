import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { neededSettings, startProgram } from '../test/programs.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'meridian-spool-'));
const settings = {
  ...neededSettings,
  DATA_DIR: dataDir,
  SPOOL_KEY: randomBytes(32).toString('hex'),
  CMS_INTAKE_TOKEN: 'another-token',
};
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
});

async function erase(reference: string) {
  const { ended, output } = startProgram('consultation/cli.ts', ['erase', reference], settings);
  return { code: await ended, text: output() };
}

it.each(['KX7-4QM-R9T', '346-799-439', ' kx7-4qm-439-2 '])('takes the reference "%s"', async (reference) => {
  const { code, text } = await erase(reference);
  expect(text).toContain(`The spool has nothing of ${reference.trim().toUpperCase()}.`);
  expect(code).toBe(0);
});

it('refuses what is no reference, and says how one looks', async () => {
  const { code, text } = await erase('346-799');
  expect(text).toContain('"346-799" is no reference. It looks like KX7-4QM-R9T.');
  expect(code).toBe(1);
});
