import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentTypes } from '@meridian/shared-types';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from './cms.ts';
import { lessons, plantPrivateWords, someDocuments } from './oracle-answers.ts';
import { closedEndpoints, operators, PRIVATE_WORD, privateColumns, questions } from './oracles.ts';

let settings: Settings;
let cms: Cms;

beforeAll(async () => {
  settings = await freshSettings({});
  const seeded = await runCms('seed', settings, '--fixture');
  expect(seeded.code, seeded.output).toBe(0);
  cms = await startCms(settings);
});
afterAll(async () => {
  await cms.stop();
  await removeData(settings);
});

describe('private fields', () => {
  const tokens = ['CMS_BUILD_TOKEN', 'CMS_PREVIEW_TOKEN', 'CMS_INTAKE_TOKEN', null] as const;
  const bearer = (name: (typeof tokens)[number]): string | null =>
    name === null ? null : `Bearer ${settings[name] ?? ''}`;

  beforeAll(() => plantPrivateWords(cms));

  it('are many, and so are the operators that are tried on them', () => {
    expect(operators).toEqual(expect.arrayContaining(['$eq', '$startsWith', '$not', '$and', '$jsonSupersetOf']));
    expect(privateColumns()).toContainEqual({ table: 'articles', column: 'correction' });
    expect(questions({}).length).toBeGreaterThan(10_000);
  });

  it.each(tokens)('teach nothing to whoever asks with %s', async (name) => {
    const endpoints = Object.values(contentTypes).map(({ query }) => query.endpoint);
    const documents = name === 'CMS_BUILD_TOKEN' ? await someDocuments(cms, endpoints, bearer(name) ?? '') : {};
    const all = questions(documents, (index) => [operators[index % operators.length] ?? '$eq']);
    const begin = performance.now();
    const some = all.filter((_, index) => index % 1 === 0);
    console.log(name, some.length);
    const l = await lessons(cms, some, bearer(name));
    console.log(performance.now() - begin, l.length);
    expect(l.slice(0, 60)).toEqual([]);
  });

  it.each(tokens)('are not found by a search of whoever asks with %s', async (name) => {
    const asked = Object.values(contentTypes).flatMap(({ query }) =>
      [PRIVATE_WORD, 'nothinglikeit'].map((word) => ({
        ask: `/api/${query.endpoint}?_q=${word}`,
        control: `/api/${query.endpoint}?_q=nothinglikeit`,
      })),
    );
    expect(await lessons(cms, asked, bearer(name))).toEqual([]);
  });

  it.each(tokens)('of types without a door have no address for %s', async (name) => {
    const asked = closedEndpoints().map((endpoint) => ({ ask: endpoint, control: 'none' }));
    expect(await lessons(cms, asked, bearer(name))).toEqual([]);
  });
});
