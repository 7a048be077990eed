import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../settings.ts';
import { copyCheckout } from './checkout.ts';
import { missingPieces } from './wiring.ts';

let checkout: Awaited<ReturnType<typeof copyCheckout>>;
beforeAll(async () => {
  checkout = await copyCheckout();
});
afterAll(() => checkout.remove());

const provider = 'cms/src/api/provider/content-types/provider/schema.json';

test('every content type of this checkout is wired completely', async () => {
  expect(await missingPieces(root)).toEqual([]);
});

test.each([
  ['cms/src/api/provider/controllers/provider.ts', "Strapi's controller is missing"],
  ['cms/src/api/clinic/routes/clinic.ts', "Strapi's route is missing"],
  ['cms/fixture/providers', 'the fixture has no entry'],
  ['cms/fixture/clinic.yaml', 'the fixture has no entry'],
  ['site/src/content/catalogs/provider.ts', 'what its pages show is missing'],
  ['site/src/content/catalogs/provider.test.ts', 'its test is missing'],
  ['site/src/pages/providers/index.astro', 'the page that lists the entries is missing'],
  ['site/src/pages/providers/[slug].astro', 'the page of an entry is missing'],
  ['site/src/pages/articles/[slug].astro', 'the page of an entry is missing'],
  ['site/src/pages/[slug].astro', 'the page of an entry is missing'],
  ['shared-types/src/generated/topic.ts', 'the contract is not what the schemas say'],
])('names %s when it is gone, and how to mend it', async (file, fault) => {
  const away = join(checkout.folder, 'away');
  renameSync(join(checkout.folder, file), away);
  const missing = await missingPieces(checkout.folder);
  mkdirSync(dirname(join(checkout.folder, file)), { recursive: true });
  renameSync(away, join(checkout.folder, file));
  expect(missing).toMatchObject([{ file, fault }]);
  expect(missing[0]?.mend).not.toBe('');
});

test.each([
  ['docs/access-table.md', /\| `GET \/api\/providers` .*\n/, '', 'the row of GET /api/providers is missing'],
  [
    'site/src/content/catalogs/index.ts',
    'catalogs = { provider }',
    'catalogs = {}',
    'the site does not know its pages, nor does the preview',
  ],
  [
    provider,
    '"description": "Languages in which the provider sees patients."',
    '"description": ""',
    'the field languages has no label and help',
  ],
  [provider, '"name": "languages"', '"name": "photo"', 'the field languages is not on the edit screen'],
  [
    'shared-types/src/generated/provider.ts',
    'z.object',
    'z.strictObject',
    'the contract is not what the schemas say',
  ],
])('sees in %s that %s is no longer there', async (file, part, instead, fault) => {
  const path = join(checkout.folder, file);
  const text = readFileSync(path, 'utf8');
  expect(text.replace(part, instead)).not.toBe(text);
  writeFileSync(path, text.replace(part, instead));
  const missing = await missingPieces(checkout.folder);
  writeFileSync(path, text);
  expect(missing).toMatchObject([{ file, fault }]);
});

test('sees that a field lost its label, which the contract tells too', async () => {
  const path = join(checkout.folder, provider);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"label": "Languages",', '"label": "",'));
  const missing = await missingPieces(checkout.folder);
  writeFileSync(path, text);
  expect(missing).toMatchObject([
    { file: provider, fault: 'the field languages has no label and help' },
    { file: 'shared-types/src/generated/labels.ts', fault: 'the contract is not what the schemas say' },
  ]);
});

test('sees that a type lost Draft & Publish, on which everything that is for public types depends', async () => {
  const path = join(checkout.folder, provider);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path, text.replace('"draftAndPublish": true', '"draftAndPublish": false'));
  const faults = (await missingPieces(checkout.folder)).map(({ fault }) => fault);
  writeFileSync(path, text);
  expect(faults).toContain('Draft & Publish is off, so no role, token or preview knows the type');
});

test('sees that a role may no longer do what every type needs', async () => {
  // Modules are read once a process, so the roles are changed in a copy that was not read before.
  const other = await copyCheckout();
  const path = join(other.folder, 'cms/src/access/roles.ts');
  writeFileSync(path, readFileSync(path, 'utf8').replace("{ action: explorer('publish'), subject },", ''));
  const missing = await missingPieces(other.folder);
  expect(missing.map(({ fault }) => fault)).toContain('the role Marketing may not publish it');
  rmSync(path);
  await other.remove();
});
