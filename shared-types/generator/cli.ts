import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeContract } from './contract.ts';
import { findDrift, format, readSchemas, writeFiles, type Drift } from './files.ts';

/**
 * Writes the contract from the schemas of the CMS, or with `--check` only says whether it is up to date.
 * `--root` is the checkout to work in; without it, this one.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      root: { type: 'string', default: path.resolve(import.meta.dirname, '../..') },
    },
  });
  const folder = path.join(values.root, 'shared-types/src/generated');
  const files = await format(writeContract(await readSchemas(values.root)), folder);
  const drift = values.check ? await findDrift(files, folder) : await writeFiles(files, folder);
  const differences = describe(drift);
  if (differences.length === 0) {
    console.log(`The contract is up to date (${files.size} files).`);
  } else if (values.check) {
    console.error(['The contract is not up to date:', ...differences, 'Run "npm run generate".'].join('\n'));
    process.exitCode = 1;
  } else {
    console.log(['The contract was written:', ...differences].join('\n'));
  }
}

function describe(drift: Drift): string[] {
  return Object.entries(drift).flatMap(([what, names]: [string, readonly string[]]) =>
    names.map((name) => `  - ${name.replace(/\.ts$/, '')} (${what})`),
  );
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
