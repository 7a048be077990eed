import { join } from 'node:path';
import { CmsError } from './errors.ts';

/** The part of a better-sqlite3 connection that is needed to set it up. */
interface SqliteConnection {
  pragma(statement: string): unknown;
}

/** Milliseconds that a writer waits for another one before SQLite gives up. */
const BUSY_TIMEOUT = 10_000;

/**
 * Chooses SQLite in the data folder, or Postgres when a URL is given.
 *
 * @throws CmsError when the URL is no `postgres://user:password@host:port/database`.
 */
export function databaseConnection({ databaseUrl, dataDir }: { databaseUrl: string; dataDir: string }) {
  if (databaseUrl === '') {
    return {
      client: 'sqlite' as const,
      connection: { filename: join(dataDir, 'cms.sqlite') },
      useNullAsDefault: true,
      pool: { afterCreate: setUpSqlite },
    };
  }
  checkPostgresUrl(databaseUrl);
  return {
    client: 'postgres' as const,
    connection: { connectionString: databaseUrl },
    pool: { min: 0, max: 10 },
    acquireConnectionTimeout: 20_000,
  };
}

// WAL lets the site read while staff write; FULL keeps every acknowledged write through a power cut; what is deleted is
// overwritten, for a patient who was erased must not be in the file any more.
function setUpSqlite(
  connection: SqliteConnection,
  done: (error: unknown, connection: SqliteConnection) => void,
) {
  try {
    connection.pragma(`busy_timeout = ${String(BUSY_TIMEOUT)}`);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    connection.pragma('secure_delete = ON');
    done(null, connection);
  } catch (error) {
    done(error, connection);
  }
}

function checkPostgresUrl(databaseUrl: string): void {
  // The value may hold a password: no message repeats it.
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null;
  const fault =
    url === null
      ? 'is no URL'
      : !/^postgres(ql)?:$/.test(url.protocol)
        ? `begins with "${url.protocol}//", and only Postgres is supported`
        : url.hostname === ''
          ? 'names no host'
          : url.pathname.length < 2
            ? 'names no database'
            : null;
  if (fault !== null) {
    throw new CmsError(
      `DATABASE_URL ${fault}. Write postgres://USER:PASSWORD@HOST:5432/DATABASE, ` +
        'or unset it to keep the content in SQLite below DATA_DIR.',
    );
  }
}
