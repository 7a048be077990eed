import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { openBucket } from '../bucket.ts';
import { messageOf, OperatorError, systemCode } from '../errors.ts';
import { checkSqlite, sqliteFile } from '../database.ts';
import { secretNames } from '../secrets.ts';
import { root, type Settings } from '../settings.ts';
import { type Manifest, writeArchive } from './archive.ts';
import { copyName } from './copies.ts';
import { scratchFolder, sweepScratch, sweepUnfinished, withScratch } from './scratch.ts';
import { copyDatabase, databaseFolder, filesOfCopy } from './snapshot.ts';

/** A finished backup. */
export interface MadeBackup {
  file: string;
  manifest: Manifest;
}

/** Where in a backup the files of DATA_DIR are. */
export const dataFolder = 'data';
export const secretsCopy = 'secrets.json';
/** Where in DATA_DIR pictures are; in a backup those of a bucket, too. */
export const uploadsFolder = 'public/uploads';

/** What is made anew or holds for this machine only, or goes into the backup in another way. */
const leftOut =
  /^(?:cms\.sqlite.*|secrets\.json.*|releases|cache|logs|backups|replaced-.*|[^/]*\.(?:pid|lock)|site\.lock.*)(?:\/|$)/;

/**
 * Makes a backup of everything that cannot be made anew, beside a running Meridian: database, uploads, requests on their
 * way, secrets. What is under way is in it twice rather than not at all.
 *
 * @param folder where it is put; made when it is missing
 * @throws OperatorError when the database is damaged, or the folder cannot be written
 */
export async function createBackup(
  settings: Settings,
  passphrase: string,
  folder: string,
): Promise<MadeBackup> {
  const { dataDir, databaseUrl } = settings;
  const bucket = settings.bucket === null ? null : openBucket(settings.bucket);
  if (databaseUrl === undefined) checkSqlite(sqliteFile(dataDir));
  const at = new Date();
  const file = join(folder, copyName(at));
  const unfinished = join(folder, `.${copyName(at)}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await sweepScratch(dataDir);
    await sweepUnfinished(folder);
    const manifest = await writeArchive(unfinished, passphrase, async (writer) => {
      const added = new Set<string>();
      const addNew = async () => {
        for (const path of await listFiles(dataDir, folder)) {
          if (added.has(path)) continue;
          added.add(path);
          await writer.addFile(`${dataFolder}/${path}`, join(dataDir, path));
        }
      };
      const addPictures = async () => {
        for (const name of (await bucket?.names()) ?? []) {
          const path = `${uploadsFolder}/${name}`;
          const picture = added.has(path) ? null : await bucket?.read(name);
          if (!picture) continue;
          added.add(path);
          await writer.addStream(`${dataFolder}/${path}`, picture.content, picture.size);
        }
      };
      // What the bucket holds counts, should a picture lie in both, as for patients.
      await addPictures();
      // Requests that wait are copied before the database: one that is delivered in between is in both, never in none.
      await addNew();
      const madeAt = await withScratch(dataDir, 'backup', async (scratch) => {
        const at = await copyDatabase(settings, scratch);
        for (const name of await filesOfCopy(scratch)) {
          await writer.addFile(`${databaseFolder}/${name}`, join(scratch, name));
        }
        return at;
      });
      // Pictures that came while the database was copied may be named in it.
      await addPictures();
      await addNew();
      await writer.addText(secretsCopy, secretsText(settings));
      return {
        madeAt: madeAt.toISOString(),
        version: await ownVersion(),
        database: databaseUrl === undefined ? 'sqlite' : 'postgres',
      };
    });
    await rename(unfinished, file);
    return { file, manifest };
  } catch (error) {
    await rm(unfinished, { force: true });
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(
      `The backup could not be made in ${folder}: ${messageOf(error)}. ` +
        `${systemCode(error) === 'ENOSPC' ? 'Free some space' : 'Mend that'} and run it again; nothing of it is left.`,
    );
  }
}

/** Meridian's version. */
export async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

/** All secrets that are in force, wherever they come from: without them neither requests nor tokens are of use. */
function secretsText({ secrets }: Settings): string {
  return `${JSON.stringify(Object.fromEntries(secretNames.map((name) => [name, secrets[name]])), null, 2)}\n`;
}

/** Paths below DATA_DIR of all files that belong into a backup; those in `except` do not. */
async function listFiles(dataDir: string, except: string): Promise<string[]> {
  const paths: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return [];
      throw error;
    });
    for (const entry of entries) {
      const full = join(folder, entry.name);
      const path = relative(dataDir, full).split(sep).join('/');
      if (
        leftOut.test(path) ||
        scratchFolder.test(path) ||
        full === except ||
        (entry.isFile() && entry.name.startsWith('.'))
      )
        continue;
      if (entry.isDirectory()) await visit(full);
      else if (entry.isFile()) paths.push(path);
    }
  };
  await visit(dataDir);
  return paths;
}
