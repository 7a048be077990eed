import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../settings.ts';
import { strapiNames } from './names.ts';
import { planType } from './new-type.ts';

test.each([
  ['Service', 'must be a noun in lower-case letters'],
  ['1st-visit', 'must be a noun in lower-case letters'],
  ['a--b', 'must be a noun in lower-case letters'],
  ['../../etc', 'must be a noun in lower-case letters'],
  ['', 'must be a noun in lower-case letters'],
  ['x'.repeat(41), '40 characters at most'],
  ['article', 'There is a content type "article" already'],
  ['request-audit', 'There is a content type "request-audit" already'],
  ['providers', 'The content type "provider" has the name "providers" already'],
  ['document', 'Strapi keeps the name "document"'],
  ['strapi-thing', 'Strapi keeps the name'],
  ['file', 'Strapi keeps the name "files"'],
  ['class', 'could not use the name "class"'],
  ['site', 'could not use the name "site"'],
  ['media', 'shared-types has a "Media" of its own'],
  ['message', 'shared-types has a "Message" of its own'],
  ['change', 'another route /api/changes'],
])('refuses the name %j', async (name, message) => {
  await expect(planType(root, name, undefined)).rejects.toThrow(message);
});

test.each([
  ['sheep', 'sheep', 'would be the same word'],
  ['service', 'Services', 'The plural "Services" must be a noun'],
  ['service', 'topics', 'The content type "topic" has the name "topics" already'],
  ['result', 'search', 'which the site uses for something else'],
  ['promise', 'privacy', 'is the address of the page in cms/'],
])('refuses %j with the plural %j', async (name, plural, message) => {
  await expect(planType(root, name, plural)).rejects.toThrow(message);
});

test.each([
  ['service', 'services'],
  ['story', 'stories'],
  ['box', 'boxes'],
  ['day', 'days'],
])('calls more than one %s %s', async (name, plural) => {
  expect((await planType(root, name, undefined)).names.plural).toBe(plural);
});

test('knows every name that Strapi keeps for itself', () => {
  const { contentTypes } = createRequire(join(root, 'cms/package.json'))('@strapi/utils') as {
    contentTypes: { getReservedModelNames: () => string[] };
  };
  const plain = contentTypes.getReservedModelNames().filter((name) => !name.endsWith('*'));
  expect(strapiNames).toEqual(expect.arrayContaining(plain));
});

test('the command says what to do, without a stack trace, and writes nothing', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'scripts/new-type.ts'), ...args], {
      cwd: root,
      encoding: 'utf8',
    });
  const again = run('article');
  expect(again.status).toBe(1);
  expect(again.stderr).toContain('There is a content type "article" already. "npm run doctor" says');
  for (const args of [[], ['a', 'b'], ['--nonsense']]) {
    const { status, stderr } = run(...args);
    expect(status).toBe(1);
    expect(stderr).toContain('Usage: npm run new:type');
    expect(stderr).not.toMatch(/^\s+at /m);
  }
});
