import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Core } from '@strapi/strapi';
import { CmsError } from '../boot/errors.ts';
import { table } from '../internals.ts';
import { toCsv } from '../requests/export.ts';
import { REQUEST, type RequestRow } from '../requests/records.ts';
import { audit, erase } from '../requests/removal.ts';
import { fail, loadStrapi } from './app.ts';

const BY = 'Command line';
const USAGE = 'Usage: npm run requests -- export [--out FILE], or: npm run requests -- erase REFERENCE';

/** `requests export [--out FILE]`: all requests as CSV. `requests erase REFERENCE`: forgets one for good. */
async function main(): Promise<void> {
  const folder = process.cwd();
  process.chdir(`${__dirname}/../../..`);
  const { command, argument, out } = readArguments();
  const strapi = await loadStrapi();
  let text: string;
  try {
    text =
      command === 'export'
        ? await exportRequests(
            strapi,
            out === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? folder, out),
          )
        : await eraseRequest(strapi, argument);
  } finally {
    await strapi.destroy();
  }
  process.stdout.write(text, () => process.exit(0));
}

function readArguments(): { command: 'export' | 'erase'; argument: string; out: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string' } },
    });
    const [command, argument = ''] = positionals;
    const isExport = command === 'export' && positionals.length === 1;
    const isErase = command === 'erase' && positionals.length === 2 && values.out === undefined;
    if (isExport || isErase) return { command, argument, out: values.out };
  } catch {
    // Unknown options end with the same advice.
  }
  throw new CmsError(USAGE);
}

async function exportRequests(strapi: Core.Strapi, file: string | undefined): Promise<string> {
  const requests = await table<RequestRow>(strapi, REQUEST).findMany({
    orderBy: { id: 'asc' },
    populate: ['assignee'],
  });
  const csv = toCsv(requests);
  if (file !== undefined) writeNew(file, csv);
  await audit(
    strapi,
    'exported',
    BY,
    requests.map(({ reference }) => reference),
  );
  if (file === undefined) return csv;
  return `${String(requests.length)} requests were written to ${file}, which only you can read. Delete it when it has served.\n`;
}

/** Never over an existing file, whose readers may be many. */
function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
    throw new CmsError(
      `The file ${file} could not be written (${code}). Name a file that does not exist yet.`,
      {
        cause,
      },
    );
  }
}

async function eraseRequest(strapi: Core.Strapi, argument: string): Promise<string> {
  const reference = argument.trim().toUpperCase();
  if (!/^[0-9A-Z][0-9A-Z-]{2,39}$/.test(reference)) {
    throw new CmsError(`"${argument.slice(0, 60)}" is no reference. References look like KX7-4QM-R9T.`);
  }
  const count = await erase(strapi, reference, BY);
  return count > 0
    ? `Request ${reference} was erased with its notes and history.\n`
    : `Request ${reference} is not in the database. If it is still on its way from the site, it will be refused.\n`;
}

main().catch(fail);
