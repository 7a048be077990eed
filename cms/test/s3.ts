import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { freePort } from '../../scripts/free-port.ts';
import type { Settings } from './cms.ts';

/** A real server of the S3 protocol, from an npm package, with one empty bucket. */
export interface Store {
  /** The settings that lead to the bucket. */
  settings: Settings;
  /** Names of all objects. */
  names(): Promise<string[]>;
  stop(): Promise<void>;
  /** Comes back on the same port with what it had. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a store in a temporary folder, on a free port of the loopback interface. */
export async function startStore(): Promise<Store> {
  const directory = await mkdtemp(join(tmpdir(), 'meridian-s3-'));
  const port = await freePort();
  const bucket = 'pictures';
  let server: S3rver;
  const store: Store = {
    settings: {
      S3_BUCKET: bucket,
      S3_ENDPOINT: `http://127.0.0.1:${String(port)}`,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    async names() {
      const files = await readdir(join(directory, bucket), { recursive: true });
      const suffix = '._S3rver_object';
      return files
        .filter((file) => file.endsWith(suffix))
        .map((file) => file.slice(0, -suffix.length))
        .sort();
    },
    async start() {
      server = new S3rver({
        address: '127.0.0.1',
        port,
        silent: true,
        directory,
        configureBuckets: [{ name: bucket }],
        // It signs the address of a bucket without the slash at its end, with which today's clients ask for lists.
        allowMismatchedSignatures: true,
      });
      await server.run();
    },
    stop: () => server.close(),
    remove: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  await store.start();
  return store;
}
