import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './settings.ts';

// Published advisories and the first version without the fault. A package of which several major versions are installed has a
// floor for each. docs/upgrade.md says how a row is added.

interface Floor {
  readonly package: string;
  /** The first version that is good. */
  readonly version: string;
  /** The advisory that asks for it. */
  readonly advisory: string;
}

const floors: readonly Floor[] = [
  { package: '@strapi/strapi', version: '5.37.0', advisory: 'CVE-2026-27886' },
  { package: 'astro', version: '7.2.8', advisory: 'GHSA-26w7-cxv4-gfx2' },
  { package: 'fastify', version: '5.12.1', advisory: 'GHSA-3m5p-2c4r-xxw2' },
  { package: 'find-my-way', version: '9.7.0', advisory: 'GHSA-c96f-x56v-gq3h' },
  { package: 'koa', version: '2.16.4', advisory: 'GHSA-7gcc-r8m5-44qm' },
  { package: 'node', version: '24.18.1', advisory: 'CVE-2026-56846' },
  { package: 'nodemailer', version: '9.1.1', advisory: 'GHSA-2x7j-588g-ccc2' },
  { package: 'sanitize-html', version: '2.17.4', advisory: 'GHSA-rpr9-rxv7-x643' },
  { package: 'sharp', version: '0.35.0', advisory: 'GHSA-f88m-g3jw-g9cj' },
  { package: 'tar', version: '7.5.11', advisory: 'GHSA-9ppj-qmqm-q256' },
  { package: 'undici', version: '6.24.0', advisory: 'GHSA-vrm6-8vpv-qv8q' },
  { package: 'undici', version: '7.24.0', advisory: 'GHSA-vrm6-8vpv-qv8q' },
  { package: 'vite', version: '8.0.16', advisory: 'GHSA-fx2h-pf6j-xcff' },
];

/** Floors of our own, above those of advisories: what this clinic was told to run at least. */
const ownFloors: Readonly<Record<string, string>> = { '@strapi/strapi': '5.48.1', astro: '7.0.4' };

/** What stays below a floor, and why that does no harm. */
const accepted: Readonly<Record<string, string>> = {
  // Strapi pins it. The fault is in Vite's development server on Windows; that server runs for "npm run dev" only.
  'vite 5': 'GHSA-fx2h-pf6j-xcff',
};

const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { version?: string }>;
};

/** Versions of a package that the lockfile has. */
function lockedVersions(name: string): string[] {
  return Object.entries(lockfile.packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .flatMap(([, { version }]) => version ?? []);
}

/** The version that lies in node_modules now. */
function installedVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function isBelow(version: string, floor: string): boolean {
  const numbers = (text: string) => (text.split('-')[0] ?? '').split('.').map(Number);
  const [a, b] = [numbers(version), numbers(floor)];
  const at = a.findIndex((number, index) => number !== b[index]);
  if (at !== -1) return (a[at] ?? 0) < (b[at] ?? 0);
  // A version before a release, such as 9.1.1-beta, comes before it.
  return version.includes('-') && !floor.includes('-');
}

const major = (version: string) => Number(version.split('.')[0]);

/** The advisory that a version falls under; a major version without a floor of its own is held to the lowest above it. */
function advisoryAgainst(name: string, version: string): string | undefined {
  const own = floors.filter((floor) => floor.package === name);
  const floor =
    own.find((each) => major(each.version) === major(version)) ??
    own
      .filter((each) => major(each.version) > major(version))
      .toSorted((a, b) => major(a.version) - major(b.version))[0];
  if (floor === undefined || !isBelow(version, floor.version)) return undefined;
  return accepted[`${name} ${major(version)}`] === floor.advisory ? undefined : floor.advisory;
}

const names = [...new Set(floors.map((floor) => floor.package))];

describe('known advisories', () => {
  test.each(names)('do not concern the %s that is locked and installed', (name) => {
    const versions = [...new Set([...lockedVersions(name), installedVersion(name)])];
    expect(versions).not.toEqual([]);
    const concerned = versions.flatMap((version) => {
      const advisory = advisoryAgainst(name, version);
      return advisory === undefined ? [] : [`${name} ${version}: ${advisory}`];
    });
    expect(concerned).toEqual([]);
  });

  test.each(Object.entries(ownFloors))('%s is not below %s, the floor of this project', (name, floor) => {
    expect(lockedVersions(name).filter((version) => isBelow(version, floor))).toEqual([]);
  });

  test('would be told', () => {
    expect(advisoryAgainst('astro', '7.2.7')).toBe('GHSA-26w7-cxv4-gfx2');
    expect(advisoryAgainst('astro', '6.4.8')).toBe('GHSA-26w7-cxv4-gfx2');
    expect(advisoryAgainst('nodemailer', '9.0.1')).toBe('GHSA-2x7j-588g-ccc2');
    expect(advisoryAgainst('undici', '7.23.0')).toBe('GHSA-vrm6-8vpv-qv8q');
    expect(advisoryAgainst('tar', '7.5.11-beta.1')).toBe('GHSA-9ppj-qmqm-q256');
    expect(advisoryAgainst('undici', '8.0.0')).toBeUndefined();
  });

  test('are accepted only where such a version is still there', () => {
    for (const key of Object.keys(accepted)) {
      const [name = '', version = ''] = key.split(' ');
      expect(lockedVersions(name).map(major), key).toContain(Number(version));
    }
  });
});
