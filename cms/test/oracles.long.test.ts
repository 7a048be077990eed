import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshSettings, removeData, runCms, startCms, type Cms } from './cms.ts';
import { lessons, plantPrivateWords, someDocuments } from './oracle-answers.ts';
import { questions } from './oracles.ts';

let cms: Cms;

beforeAll(async () => {
  const settings = await freshSettings();
  const seeded = await runCms('seed', settings, '--fixture');
  expect(seeded.code, seeded.output).toBe(0);
  cms = await startCms(settings);
  plantPrivateWords(cms);
});
afterAll(async () => {
  await cms.stop();
  await removeData(cms.settings);
});

it.each(['CMS_BUILD_TOKEN', 'CMS_PREVIEW_TOKEN', 'CMS_INTAKE_TOKEN', null])(
  'answers every question about private fields with nothing, to %s',
  async (name) => {
    const token = name === null ? null : `Bearer ${cms.settings[name] ?? ''}`;
    const reads = name === 'CMS_BUILD_TOKEN' || name === 'CMS_PREVIEW_TOKEN';
    const asked = questions(reads ? await someDocuments(cms, token) : {});
    console.log(`${String(asked.length)} questions to ${name ?? 'nobody'}`);
    expect(await lessons(cms, asked, token)).toEqual([]);
  },
);
