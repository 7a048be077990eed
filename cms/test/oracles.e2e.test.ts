import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentTypes } from '@meridian/shared-types';
import { freshSettings, removeData, runCms, startCms, type Cms } from './cms.ts';
import { lessons, plantPrivateWords, someDocuments } from './oracle-answers.ts';
import {
  accountAddresses,
  closedEndpoints,
  openQuestions,
  operators,
  OTHER_WORD,
  PRIVATE_WORD,
  privateColumns,
  questions,
  staffQuestions,
  staffQuestionsAbout,
} from './oracles.ts';
import { call, principals, type Principals } from './people.ts';
import { handOver, INBOX } from './requests/desk.ts';
import { requestSample } from './requests/samples.ts';

let cms: Cms;
let people: Principals;

beforeAll(async () => {
  const settings = await freshSettings();
  const seeded = await runCms('seed', settings, '--fixture');
  expect(seeded.code, seeded.output).toBe(0);
  cms = await startCms(settings);
  people = await principals(cms);
  for (let count = 0; count < 6; count += 1) await handOver(cms, requestSample());
  plantPrivateWords(cms);
});
afterAll(async () => {
  await cms.stop();
  await removeData(cms.settings);
});

describe('private fields', () => {
  const tokens = ['CMS_BUILD_TOKEN', 'CMS_PREVIEW_TOKEN', 'CMS_INTAKE_TOKEN', null] as const;
  const bearer = (name: (typeof tokens)[number]): string | null =>
    name === null ? null : `Bearer ${cms.settings[name] ?? ''}`;

  it('are many, and so are the operators that are tried on them', () => {
    expect(operators).toEqual(
      expect.arrayContaining(['$eq', '$startsWith', '$not', '$and', '$jsonSupersetOf']),
    );
    expect(privateColumns()).toContainEqual({ table: 'articles', column: 'correction', type: 'text' });
    expect(questions({}).length).toBeGreaterThan(10_000);
  });

  it('would be found: what is public teaches something, by every kind of question', async () => {
    const token = bearer('CMS_BUILD_TOKEN');
    const asked = openQuestions((await someDocuments(cms, token))['articles'] ?? '');
    expect((await lessons(cms, asked, token)).map((line) => line.slice(4)).sort()).toEqual(
      asked.map(({ ask }) => ask).sort(),
    );
  });

  // One in so many, for the whole takes minutes: oracles.long.test.ts asks everything.
  it.each([
    ['CMS_BUILD_TOKEN', 5],
    ['CMS_PREVIEW_TOKEN', 11],
    ['CMS_INTAKE_TOKEN', 29],
    [null, 13],
  ] as const)('teach nothing to whoever asks with %s', async (name, oneIn) => {
    const documents = name === 'CMS_BUILD_TOKEN' ? await someDocuments(cms, bearer(name)) : {};
    const all = questions(documents, (index) => operators.filter((_, at) => at % 12 === index % 12));
    const asked = all.filter((_, index) => index % oneIn === 0);
    expect(asked.length).toBeGreaterThan(200);
    expect(await lessons(cms, asked, bearer(name))).toEqual([]);
  });

  it.each(tokens)('are not found by a search of whoever asks with %s', async (name) => {
    const asked = Object.values(contentTypes).map(({ query }) => ({
      ask: `/api/${query.endpoint}?_q=${PRIVATE_WORD}`,
      control: `/api/${query.endpoint}?_q=nothinglikeit`,
    }));
    expect(await lessons(cms, asked, bearer(name))).toEqual([]);
  });

  it.each(['Marketing', 'Clinical reviewer', 'Front desk'])(
    'teach %s nothing of what is secret of colleagues, in the admin’s own API',
    { timeout: 600_000 },
    async (role) => {
      const asked = staffQuestions();
      expect(asked.length).toBeGreaterThan(1_000);
      expect(await lessons(cms, asked, people[role] ?? null)).toEqual([]);
      for (const path of accountAddresses()) {
        const { text } = await call(cms, 'GET', path, people[role] ?? null);
        expect(text, path).not.toMatch(/"(password|resetPasswordToken|registrationToken)"|\$2[aby]\$/);
      }
    },
  );

  it('teach the front desk nothing of the bookkeeping about a request', async () => {
    const desk = people['Front desk'] ?? null;
    const { body } = await call(cms, 'GET', INBOX, desk);
    expect((body as { results: unknown[] }).results).toHaveLength(6);
    const asked = ['bodyHash', 'mailFailure', 'idempotencyKey'].flatMap((name) =>
      staffQuestionsAbout(INBOX, { path: [name], type: 'string' }),
    );
    const searches = [PRIVATE_WORD, OTHER_WORD].map((word) => ({
      ask: `${INBOX}?_q=${word}`,
      control: `${INBOX}?_q=nothinglikeit`,
    }));
    expect(await lessons(cms, [...asked, ...searches], desk)).toEqual([]);
    // What it is shown, it may look for.
    const shown = [{ ask: `${INBOX}?sort=reference:desc`, control: `${INBOX}?sort=reference:asc` }];
    expect(await lessons(cms, shown, desk)).toHaveLength(1);
  });

  it.each(tokens)('of types without a door have no address for %s', async (name) => {
    const asked = closedEndpoints().map((endpoint) => ({ ask: endpoint, control: '/api/no-such-things' }));
    expect(await lessons(cms, asked, bearer(name))).toEqual([]);
  });
});
