import { execFile } from 'node:child_process';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { makeCheckout, schemaJson } from './checkout.ts';

const execute = promisify(execFile);
const cli = path.join(import.meta.dirname, 'cli.ts');
const title = { title: { type: 'string', required: true } };
const articleSchema = 'cms/src/api/article/content-types/article/schema.json';

interface Outcome {
  readonly code: number;
  readonly output: string;
}

async function run(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

function generated(root: string, name = ''): string {
  return path.join(root, 'shared-types/src/generated', name);
}

it('finds the committed contract up to date with the schemas', async () => {
  const { code, output } = await run('--check');
  expect(output).toContain('The contract is up to date');
  expect(code).toBe(0);
});

it('writes one file a type, the components, an index and labels, each with a header, and then finds no drift', async () => {
  const root = await makeCheckout({ types: { article: title }, components: { 'shared.link': title } });
  expect(await run('--root', root)).toMatchObject({ code: 0 });
  expect((await readdir(generated(root))).sort()).toEqual([
    'article.ts',
    'components.ts',
    'index.ts',
    'labels.ts',
  ]);
  expect(await readFile(generated(root, 'article.ts'), 'utf8')).toMatch(
    /^\/\/ Generated from cms\/src\/api\/article\/.*schema\.json\. Do not edit\. Run "npm run generate"\./,
  );
  expect(await run('--root', root, '--check')).toMatchObject({ code: 0 });
});

it('leaves a file alone that has not changed', async () => {
  const root = await makeCheckout({ types: { article: title } });
  await run('--root', root);
  const before = await stat(generated(root, 'article.ts'));
  await run('--root', root);
  expect((await stat(generated(root, 'article.ts'))).mtimeMs).toBe(before.mtimeMs);
});

it('reports drift by type and how to mend it, changes nothing, and exits with 1', async () => {
  const root = await makeCheckout({ types: { article: title, topic: title, page: title } });
  await run('--root', root);
  await writeFile(
    path.join(root, articleSchema),
    schemaJson('article', { ...title, summary: { type: 'text' } }),
  );
  await rm(generated(root, 'topic.ts'));
  await writeFile(generated(root, 'video.ts'), 'export {};');
  const { code, output } = await run('--root', root, '--check');
  expect(code).toBe(1);
  expect(output).toContain('- topic (missing)\n  - article (changed)\n  - video (stale)');
  expect(output).toContain('npm run generate');
  expect((await readdir(generated(root))).sort()).toContain('video.ts');
});

it('reports everything as missing, and makes no folder, when nothing was ever generated', async () => {
  const root = await makeCheckout({ types: { article: title } });
  const { code, output } = await run('--root', root, '--check');
  expect(code).toBe(1);
  expect(output).toContain('- article (missing)');
  await expect(stat(generated(root))).rejects.toThrow('ENOENT');
});

it('removes the file of a type that is gone', async () => {
  const root = await makeCheckout({ types: { article: title, topic: title } });
  await run('--root', root);
  await rm(path.join(root, 'cms/src/api/topic'), { recursive: true });
  expect((await run('--root', root)).output).toContain('- topic (stale)');
  expect(await readdir(generated(root))).not.toContain('topic.ts');
});

it('refuses a checkout without content types and deletes nothing', async () => {
  const root = await makeCheckout({ files: { 'shared-types/src/generated/article.ts': 'export {};' } });
  const { code, output } = await run('--root', root);
  expect(code).toBe(1);
  expect(output).toContain('no content type was found');
  expect(await readdir(generated(root))).toEqual(['article.ts']);
});

it('names every unreadable file at once, without a stack trace, and writes nothing', async () => {
  const root = await makeCheckout({
    types: { page: title },
    files: { [articleSchema]: '{ "kind": ', 'cms/src/components/shared/link.json': 'no' },
  });
  const { code, output } = await run('--root', root);
  expect(code).toBe(1);
  expect(output).toContain(`${articleSchema}: is not valid JSON`);
  expect(output).toContain('cms/src/components/shared/link.json: is not valid JSON');
  expect(output).not.toMatch(/^\s+at /m);
  await expect(stat(generated(root))).rejects.toThrow('ENOENT');
});

it('writes what the type checker accepts', async () => {
  const root = await makeCheckout({
    types: {
      article: { ...title, links: { type: 'component', component: 'shared.link', repeatable: true } },
    },
    components: { 'shared.link': title },
  });
  await run('--root', root);
  const repository = path.resolve(import.meta.dirname, '../..');
  await writeFile(
    path.join(root, 'tsconfig.json'),
    JSON.stringify({
      extends: path.join(repository, 'tsconfig.base.json'),
      compilerOptions: { typeRoots: [path.join(repository, 'node_modules/@types')] },
      include: ['shared-types/src'],
      exclude: ['**/*.test.ts'],
    }),
  );
  const tsc = path.join(repository, 'node_modules/typescript/bin/tsc');
  await expect(execute(process.execPath, [tsc, '-p', root])).resolves.toEqual({ stdout: '', stderr: '' });
}, 120_000);

it('refuses an option that it does not know, without a stack trace', async () => {
  const { code, output } = await run('--chekc');
  expect(code).toBe(1);
  expect(output).toMatch(/^Unknown option '--chekc'.*\n$/);
});
