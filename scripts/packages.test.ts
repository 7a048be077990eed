import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './settings.ts';

interface Package {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly link?: boolean;
        readonly hasInstallScript?: boolean;
        readonly dependencies?: Readonly<Record<string, string>>;
      }
    >
  >;
}

const lockfileText = readFileSync(join(root, 'package-lock.json'), 'utf8');
const lockfile = JSON.parse(lockfileText) as Lockfile;

const packageFiles = ['package.json', 'cms/package.json', 'shared-types/package.json', 'site/package.json'];

function readPackage(file: string): Required<Package> {
  const found = JSON.parse(readFileSync(join(root, file), 'utf8')) as Package;
  return { dependencies: {}, devDependencies: {}, allowScripts: {}, ...found };
}

test('the lockfile has exactly one astro', () => {
  const found = Object.keys(lockfile.packages).filter((path) => /(^|\/)node_modules\/astro$/.test(path));
  expect(found).toEqual(['node_modules/astro']);
});

/** Is not published in every version of Strapi, and uses nothing of it. */
const s3Provider = '@strapi/provider-upload-aws-s3';

test('the provider for buckets uses nothing of Strapi, and the client that the CMS reads with', () => {
  const used = lockfile.packages[`node_modules/${s3Provider}`]?.dependencies ?? {};
  expect(Object.keys(used).filter((name) => name.startsWith('@strapi/'))).toEqual([]);
  const { version } = lockfile.packages['node_modules/@aws-sdk/client-s3'] ?? {};
  expect(used['@aws-sdk/client-s3']).toBe(version);
});

test('every Strapi package has the one version, and its design system the one that the admin is made with', () => {
  const strapi = readPackage('cms/package.json').dependencies['@strapi/strapi'];
  const admin = lockfile.packages['node_modules/@strapi/admin']?.dependencies ?? {};
  const others = Object.entries(readPackage('cms/package.json').dependencies)
    .filter(([name]) => name.startsWith('@strapi/') && name !== s3Provider)
    .filter(([name, version]) => version !== (admin[name] ?? strapi));
  expect(others).toEqual([]);
});

test.each(packageFiles)('%s names exact versions only', (file) => {
  const { dependencies, devDependencies } = readPackage(file);
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('the lockfile names a version for every package, and no registry', () => {
  const incomplete = Object.entries(lockfile.packages)
    .filter(
      ([path, entry]) => path.includes('node_modules/') && entry.link !== true && entry.version === undefined,
    )
    .map(([path]) => path);
  expect(incomplete).toEqual([]);
  expect(lockfileText).not.toContain('"resolved": "http');
});

test('every package with an install script was decided upon', () => {
  const decided = new Set(Object.keys(readPackage('package.json').allowScripts));
  const undecided = Object.entries(lockfile.packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length))
    .filter((name) => !decided.has(name));
  expect(undecided).toEqual([]);
});
