import { Client } from 'pg';
import { messageOf, OperatorError, systemCode } from '../errors.ts';

/**
 * Runs work with a connection to a Postgres database, and closes it.
 *
 * @throws OperatorError when it cannot be reached; the address, which may hold a password, is not repeated
 */
export async function withPostgres<Result>(
  url: string,
  name: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks between two statements fails the next one; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new OperatorError(
      `The Postgres database of ${name} cannot be used (${systemCode(error) ?? messageOf(error)}). ` +
        'Check that it runs, and that host, port, user, password and database are right.',
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
