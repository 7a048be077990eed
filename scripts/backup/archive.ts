import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { Decrypter, Encrypter } from 'age-encryption';
import { extract, type Extract, pack } from 'tar-stream';
import { z } from 'zod';
import { messageOf, OperatorError, systemCode } from '../errors.ts';

const manifestSchema = z.object({
  format: z.literal(1),
  /** When the database was as it is in here. */
  madeAt: z.iso.datetime(),
  /** Meridian's version. */
  version: z.string(),
  database: z.enum(['sqlite', 'postgres']),
  /** Every file with its size in bytes and its SHA-256 in hexadecimal digits. */
  files: z.array(z.object({ path: z.string(), size: z.int().nonnegative(), sha256: z.string().length(64) })),
});

/** What a backup says of itself; its last file. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What an unpacked file is like. */
interface FoundFile {
  size: number;
  sha256: string;
}

const manifestFile = 'manifest.json';
/** 2^15 rounds of scrypt take a tenth of a second; with the length that a passphrase must have that is ample. */
const workFactor = 15;

/** Adds files to a backup that is being written. */
export interface ArchiveWriter {
  /** A file of the disk. One that is gone meanwhile is left out. */
  addFile(path: string, file: string): Promise<void>;
  addText(path: string, text: string): Promise<void>;
  /** What comes from elsewhere, of a size in bytes that is known. */
  addStream(path: string, content: Readable, size: number): Promise<void>;
}

/**
 * Writes a backup: a tar file, gzipped, encrypted with a passphrase in the format of age (age-encryption.org), so that
 * `age -d FILE | tar xz` opens it without Meridian. The last file lists all others with their hashes.
 *
 * @param fill adds the files, and answers what the manifest says beside them
 * @throws system errors; an unfinished file may be left behind
 */
export async function writeArchive(
  target: string,
  passphrase: string,
  fill: (writer: ArchiveWriter) => Promise<Pick<Manifest, 'madeAt' | 'version' | 'database'>>,
): Promise<Manifest> {
  const tar = pack();
  const files: Manifest['files'] = [];
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  const zipped = new PassThrough();
  const zipping = pipeline(Readable.from(tar), createGzip(), zipped);
  const sealed = await encrypter.encrypt(toWeb(zipped));
  const writing = pipeline(fromWeb(sealed), createWriteStream(target, { flags: 'wx', mode: 0o600 }));

  async function add(path: string, content: Readable, size: number): Promise<void> {
    const { through, facts } = measured();
    await pipeline(content, through, tar.entry({ name: path, size, mode: 0o600, mtime: new Date() }));
    files.push({ path, ...facts() });
  }
  const addText = (path: string, text: string) => {
    const bytes = Buffer.from(text);
    return add(path, Readable.from([bytes]), bytes.length);
  };

  const work = async (): Promise<Manifest> => {
    const about = await fill({
      addText,
      addStream: add,
      async addFile(path, file) {
        let handle;
        try {
          handle = await open(file);
        } catch (error) {
          if (systemCode(error) === 'ENOENT') return;
          throw error;
        }
        // A file that grows while it is read must not be longer than its header says.
        const { size } = await handle.stat();
        const content = size === 0 ? Readable.from([]) : handle.createReadStream({ start: 0, end: size - 1 });
        try {
          await add(path, content, size);
        } finally {
          await handle.close().catch(() => undefined);
        }
      },
    });
    const manifest: Manifest = { format: 1, ...about, files: [...files] };
    await addText(manifestFile, JSON.stringify(manifest));
    tar.finalize();
    return manifest;
  };
  // A tar file that nobody takes in any more never ends, so whichever fails first ends all.
  const [manifest] = await Promise.all([work(), zipping, writing]).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(messageOf(error)));
    throw error;
  });
  const handle = await open(target, 'r');
  await handle.sync();
  await handle.close();
  return manifest;
}

/**
 * Unpacks a backup into an empty folder and compares every file with the manifest. Nothing else is touched.
 *
 * @throws OperatorError when the passphrase is wrong, or anything is missing, changed or too much
 */
export async function readArchive(source: string, passphrase: string, folder: string): Promise<Manifest> {
  await stat(source).catch(() => {
    throw new OperatorError(`There is no backup ${source}. Give the name of an existing file.`);
  });
  const found = new Map<string, FoundFile>();
  try {
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const opened = await decrypter.decrypt(toWeb(createReadStream(source)));
    const tar = extract();
    // An entry that is cut off never ends, so whichever notices first ends both.
    await Promise.all([pipeline(fromWeb(opened), createGunzip(), tar), unpack(tar, folder, found)]);
  } catch (error) {
    throw new OperatorError(
      `The backup ${source} cannot be used: ${explain(error)}. Nothing was changed. Use another backup.`,
    );
  }
  return compared(source, found, await manifestIn(folder));
}

async function unpack(tar: Extract, folder: string, found: Map<string, FoundFile>): Promise<void> {
  for await (const entry of tar) {
    const path = entry.header.name;
    if (entry.header.type !== 'file' || !isPlain(path) || found.has(path)) {
      throw new Error(`it holds "${path}", which no backup does`);
    }
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const { through, facts } = measured();
    await pipeline(entry, through, createWriteStream(target, { flags: 'wx', mode: 0o600 }));
    found.set(path, facts());
  }
}

function explain(error: unknown): string {
  const message = messageOf(error);
  if (/no identity matched/.test(message)) return 'the passphrase is wrong, or its first bytes are damaged';
  if (systemCode(error) === 'ENOSPC') return 'there is too little disk space to unpack it';
  return `it is damaged or cut off (${message})`;
}

async function manifestIn(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => 'null');
  return manifestSchema.nullable().catch(null).parse(JSON.parse(text));
}

function compared(
  source: string,
  found: ReadonlyMap<string, FoundFile>,
  manifest: Manifest | null,
): Manifest {
  const listed = new Map(manifest?.files.map((file) => [file.path, file]));
  const same =
    manifest !== null &&
    found.size === listed.size + 1 &&
    [...listed].every(([path, file]) => {
      const got = found.get(path);
      return got?.sha256 === file.sha256 && got.size === file.size;
    });
  if (same) return manifest;
  throw new OperatorError(
    `The backup ${source} cannot be used: its files are not those of its list. Nothing was changed. Use another backup.`,
  );
}

/** Measures what flows through it. */
function measured(): { through: Transform; facts: () => FoundFile } {
  const hash = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { through, facts: () => ({ size, sha256: hash.digest('hex') }) };
}

/** Whether a path stays below the folder that it is put into. */
function isPlain(path: string): boolean {
  return (
    /^[^/\\\0]/.test(path) &&
    !path.split(/[/\\]/).some((part) => part === '' || part === '..' || part === '.')
  );
}

function toWeb(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

function fromWeb(stream: ReadableStream<Uint8Array>): Readable {
  return Readable.fromWeb(stream as Parameters<typeof Readable.fromWeb>[0]);
}
