import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Core } from '@strapi/strapi';
import { CmsError } from '../boot/errors.ts';
import { table } from '../internals.ts';
import { readCommand } from '../requests/command.ts';
import { toCsv } from '../requests/export.ts';
import { REQUEST, type RequestRow } from '../requests/records.ts';
import { audit, erase } from '../requests/removal.ts';
import { fail, loadStrapi } from './app.ts';

const BY = 'Command line';

/** `requests export [--out FILE]`: all requests as CSV. `requests erase REFERENCE`: forgets one for good. */
async function main(): Promise<void> {
  // npm runs this in the folder of the CMS and remembers where the person was.
  const folder = process.env['INIT_CWD'] ?? process.cwd();
  process.chdir(`${__dirname}/../../..`);
  const command = readCommand(process.argv.slice(2));
  const strapi = await loadStrapi();
  let text: string;
  try {
    text =
      command.name === 'erase'
        ? await eraseRequest(strapi, command.reference)
        : await exportRequests(strapi, command.out === null ? null : resolve(folder, command.out));
  } finally {
    await strapi.destroy();
  }
  process.stdout.write(text, () => process.exit(0));
}

async function exportRequests(strapi: Core.Strapi, file: string | null): Promise<string> {
  const requests = await table<RequestRow>(strapi, REQUEST).findMany({
    orderBy: { id: 'asc' },
    populate: ['assignee'],
  });
  const csv = toCsv(requests);
  if (file !== null) writeNew(file, csv);
  await audit(
    strapi,
    'exported',
    BY,
    requests.map(({ reference }) => reference),
  );
  if (file === null) return csv;
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

async function eraseRequest(strapi: Core.Strapi, reference: string): Promise<string> {
  const count = await erase(strapi, reference, BY);
  return count > 0
    ? `Request ${reference} was erased with its notes and history.\n`
    : `Request ${reference} is not in the database. If it is still on its way from the site, it will be refused.\n`;
}

main().catch(fail);
