import { existsSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { readyAnswerSchema } from '@meridian/shared-types/operations';
import { backupsAhead, newestBackup } from './backup/timer.ts';
import { openBucket } from './bucket.ts';
import { hasCmsBuild } from './cms.ts';
import { checkDatabase, sqliteFile } from './database.ts';
import { checkContentAccess } from './content.ts';
import { messageOf, OperatorError } from './errors.ts';
import { firstPasswordAge, firstPasswordDays } from './first-password.ts';
import { ownerOf } from './lock.ts';
import { checkPorts } from './ports.ts';
import { siteRuns } from './running.ts';
import { isReadableByOthers, readSecrets, secretNames, secretsFile } from './secrets.ts';
import { readSettings, root, type Settings } from './settings.ts';

// npm run doctor: looks at everything that a start needs, says what is wrong and how to mend it. Changes nothing but
// what a start would make too (DATA_DIR and missing secrets). Prints no secret.
type Finding = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly text: string };
const good = (text: string): Finding => ({ ok: true, text });
const bad = (text: string): Finding => ({ ok: false, text });

const findings = await examine();
for (const { ok, text } of findings) console.log(`${ok ? '✓' : '✗'} ${text}`);
const wrong = findings.filter(({ ok }) => !ok).length;
console.log(wrong === 0 ? '\nNothing is wrong.' : `\n${wrong} to mend.`);
process.exit(wrong === 0 ? 0 : 1);

async function examine(): Promise<Finding[]> {
  const machine = [node()];
  const before = existsSync(join(root, '.data')) || process.env.DATA_DIR !== undefined;
  let settings: Settings;
  try {
    settings = readSettings();
  } catch (error) {
    return [...machine, bad(messageOf(error))];
  }
  const owner = ownerOf(settings.dataDir);
  // Started by a service manager or in containers, CMS and site are processes of their own.
  const runs = owner !== undefined || (await siteRuns(settings.dataDir));
  return [
    ...machine,
    good(`Settings: valid; DATA_DIR is ${settings.dataDir}${before ? '' : ' (made just now)'}`),
    disk(settings),
    ...(await contentTypes()),
    secrets(settings),
    ...firstPassword(settings),
    await backups(settings),
    await pictures(settings),
    await database(settings),
    ...(runs
      ? [good(`Meridian is running${owner === undefined ? '' : ` (process ${owner})`}`)]
      : await ports(settings)),
    await cms(settings, runs),
    ...(await site(settings, runs)),
  ];
}

function node(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? good(`Node: ${process.versions.node}, the pinned one`)
    : bad(
        `Node: ${process.versions.node} runs this, not the pinned Node 24. Use "npm run doctor", or delete node_modules and run "npm start".`,
      );
}

async function contentTypes(): Promise<Finding[]> {
  if (!existsSync(join(root, 'node_modules', 'prettier'))) {
    return [
      good('Content types: not looked at, for only a checkout with the tools of developers can change them'),
    ];
  }
  const { isUnfinished } = await import('./content-types/files.ts');
  const { missingPieces } = await import('./content-types/wiring.ts');
  if (isUnfinished(root)) {
    return [
      bad(
        'Content types: making one did not come to its end. Run "npm run new:type -- NAME" again; it takes back what was written.',
      ),
    ];
  }
  try {
    const missing = await missingPieces(root);
    return missing.length === 0
      ? [good('Content types: each is wired completely')]
      : missing.map(({ type, file, fault, mend }) =>
          bad(`Content type ${type}: ${fault} (${file}). ${mend}`),
        );
  } catch (error) {
    return [bad(`Content types: ${messageOf(error)}`)];
  }
}

function disk({ dataDir }: Settings): Finding {
  const { bavail, bsize } = statfsSync(dataDir);
  const gigabytes = (bavail * bsize) / 1e9;
  const text = `Disk: ${gigabytes.toFixed(1)} GB free at DATA_DIR`;
  return gigabytes >= 1 ? good(text) : bad(`${text}. Free some space, or move DATA_DIR to another disk.`);
}

function secrets({ dataDir, passwordIsNew }: Settings): Finding {
  const file = secretsFile(dataDir);
  if (passwordIsNew) return good(`Secrets: were missing, made just now in ${file}`);
  if (!existsSync(file)) return good('Secrets: all given by the environment');
  if (isReadableByOthers(file)) return bad(`Secrets: other users may read ${file}. Run: chmod 600 "${file}"`);
  const kept = readSecrets(file);
  const short = secretNames.filter((name) => name !== 'ADMIN_EMAIL' && (kept[name]?.length ?? 99) < 16);
  return short.length === 0
    ? good('Secrets: complete, and only their owner may read them')
    : bad(
        `Secrets: ${short.join(', ')} in ${file} too short. Delete those lines; the next start makes new ones.`,
      );
}

function firstPassword({ dataDir, adminUrl, secrets: { ADMIN_EMAIL: email } }: Settings): Finding[] {
  const days = firstPasswordAge(dataDir);
  if (days === null) return [];
  const text = `First admin: ${email} has the password of the installation, for ${days} days`;
  const advice = `Log in at ${adminUrl}, open your profile, and set one of your own`;
  return [days > firstPasswordDays ? bad(`${text}. ${advice}.`) : good(`${text}; ${advice.toLowerCase()}`)];
}

async function backups({ backups: { dir, passphrase } }: Settings): Promise<Finding> {
  const [ahead] = await backupsAhead(dir);
  if (ahead !== undefined) {
    return bad(
      `Backups: ${ahead} in ${dir} is of a day to come. Set the clock of this machine right, and delete or rename what was made while it was wrong.`,
    );
  }
  const newest = await newestBackup(dir);
  if (passphrase === undefined && newest === null) {
    return good('Backups: none are made. Set BACKUP_PASSPHRASE, and one is made every day');
  }
  if (newest === null) return good(`Backups: none yet in ${dir}; "npm run backup" makes one`);
  const hours = Math.round((Date.now() - newest.getTime()) / 3_600_000);
  const text = `Backups: the newest in ${dir} is ${hours} hours old`;
  return hours <= 48 ? good(text) : bad(`${text}. Run "npm run backup" and see what it says.`);
}

async function pictures({ bucket, dataDir }: Settings): Promise<Finding> {
  if (bucket === null) return good(`Pictures: in ${join(dataDir, 'public', 'uploads')}`);
  try {
    const { length } = await openBucket(bucket).names();
    return good(`Pictures: ${length} objects in the bucket ${bucket.name}; backups hold them too`);
  } catch (error) {
    return bad(`Pictures: ${messageOf(error)}`);
  }
}

async function database(settings: Settings): Promise<Finding> {
  try {
    await checkDatabase(settings);
  } catch (error) {
    return bad(`Database: ${messageOf(error)}`);
  }
  if (settings.databaseUrl !== undefined) return good('Database: the Postgres server answers');
  return existsSync(sqliteFile(settings.dataDir))
    ? good('Database: the SQLite file is whole')
    : good('Database: none yet; the first start makes it');
}

async function ports(settings: Settings): Promise<Finding[]> {
  return (await checkPorts(settings)).map((state, index) =>
    state.free ? good(`Port of the ${index === 0 ? 'CMS' : 'site'}: free`) : bad(`Port: ${state.message}`),
  );
}

async function cms(settings: Settings, running: boolean): Promise<Finding> {
  if (!running)
    return good(hasCmsBuild() ? 'CMS: built, not running' : 'CMS: not built yet; "npm start" does it');
  const lacking = await lacks(settings.cms.url);
  if (lacking === null) {
    return bad(
      `CMS: does not answer at ${settings.cms.url}. Look into ${settings.dataDir}/logs/cms.log and start again.`,
    );
  }
  if (lacking !== '') return bad(`CMS: ${lacking}`);
  try {
    await checkContentAccess(settings);
    return good('CMS: answers, and gives the site its content');
  } catch (error) {
    return bad(
      `CMS: ${error instanceof OperatorError ? error.message : `cannot be read (${messageOf(error)}). Check CMS_URL.`}`,
    );
  }
}

async function site(settings: Settings, running: boolean): Promise<Finding[]> {
  const live = existsSync(join(settings.dataDir, 'releases', 'current', 'public', 'index.html'));
  if (!running)
    return [
      good(live ? 'Site: a release is there, not running' : 'Site: no release yet; "npm start" makes it'),
    ];
  if (!live) return [bad('Site: no release is live. Run "npm run build".')];
  return Promise.all(
    settings.siteServers.map(async (server) => {
      const at = settings.siteServers.length === 1 ? '' : ` at ${server}`;
      const lacking = await lacks(server);
      if (lacking === '') return good(`Site: answers${at}, and is ready`);
      return bad(
        `Site: ${lacking ?? `does not answer at ${server}. Look into ${settings.dataDir}/logs/site.log and start again.`}`,
      );
    }),
  );
}

/** What a server says that it lacks; nothing when it is ready, null when it does not answer. */
async function lacks(address: string): Promise<string | null> {
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(5_000) });
    const { checks } = readyAnswerSchema.parse(await response.json());
    return checks.flatMap(({ status, message }) => (status === 'failed' ? [message] : [])).join(' ');
  } catch {
    return null;
  }
}
