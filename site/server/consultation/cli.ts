/**
 * What an operator does with the spool of consultation requests: `npm run requests -- status`, or `erase KX7-4QM-R9T`. The
 * site server may run meanwhile. Prints nothing personal.
 */
import { keptReferencePattern } from '@meridian/shared-types';
import { readServerSettings } from '../../settings.ts';
import { messageOf, ServerError } from '../errors.ts';
import { makeKeyring } from './keyring.ts';
import { spoolFolder } from './service.ts';
import { openSpool } from './spool.ts';

const usage = 'Usage: node site/server/consultation/cli.ts status | erase <reference>';

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}

async function run([command, named, ...others]: string[]): Promise<void> {
  const reference = named?.trim().toUpperCase();
  const { dataDir, consultation } = readServerSettings();
  if (consultation === null) {
    throw new ServerError('SPOOL_KEY is not set, so there is no spool. Set it as the site server has it.');
  }
  const keyring = makeKeyring(consultation.spoolKey, consultation.oldSpoolKeys);
  const spool = await openSpool(spoolFolder(dataDir), keyring, { tidy: false });
  if (command === 'status' && reference === undefined) {
    const { waiting, oldestSince, locked, rejected } = await spool.status();
    console.log(
      `Waiting for the CMS: ${waiting}${oldestSince === null ? '' : `, the oldest since ${oldestSince}`}.`,
    );
    if (locked > 0) console.log(`${locked} of them need a former key: set SPOOL_KEYS_OLD.`);
    console.log(`Set aside: ${rejected.length}.`);
    for (const item of rejected) console.log(`  ${item.reference}  ${item.reason}  since ${item.since}`);
  } else if (command === 'erase' && reference !== undefined && others.length === 0) {
    // The CMS numbers a second request of one reference; the spool knows none of those.
    if (!keptReferencePattern.test(reference)) {
      throw new ServerError(`"${reference.slice(0, 20)}" is no reference. It looks like KX7-4QM-R9T.`);
    }
    const erased = await spool.erase(reference);
    console.log(
      erased === 0 ? `The spool has nothing of ${reference}.` : `${reference} is erased from the spool.`,
    );
  } else throw new ServerError(usage);
}
