import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { contentTypes } from '@meridian/shared-types';
import type { Cms } from './cms.ts';
import { call } from './people.ts';
import { OTHER_WORD, PRIVATE_VALUES, PRIVATE_WORD, privateColumns, type Question } from './oracles.ts';

const AT_ONCE = 8;
const PRIVATE = new RegExp(`${PRIVATE_WORD}|"(createdBy|updatedBy|password|resetPasswordToken)"`);
/** What the front desk is not shown of a request. */
const BOOKKEEPING = ['body_hash', 'mail_failure'].map((column) => ({
  table: 'consultation_requests',
  column,
  type: 'string',
}));
/** The second person who wrote entries. Nothing of hers is as it is with the first admin. */
const OTHER_ADMIN = {
  id: 999,
  document_id: 'otheradmin',
  firstname: OTHER_WORD,
  lastname: OTHER_WORD,
  username: OTHER_WORD,
  email: `${OTHER_WORD}@clinic.example`,
  password: OTHER_WORD,
  reset_password_token: OTHER_WORD,
  registration_token: OTHER_WORD,
  is_active: 0,
  blocked: 1,
  prefered_language: OTHER_WORD,
};

/**
 * Gives every private field values that differ from row to row, also among those that patients see: a word, another one,
 * nothing; and every entry one of two authors. Whoever may filter, sort or search by them finds something.
 */
export function plantPrivateWords({ settings }: Cms): void {
  using database = open(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'));
  const run = (statement: string, ...values: (string | number)[]) =>
    database.connection.prepare(statement).run(...values);
  run(
    `INSERT INTO admin_users (${Object.keys(OTHER_ADMIN).join(', ')}) VALUES (${Object.keys(OTHER_ADMIN)
      .map(() => '?')
      .join(', ')})`,
    ...Object.values(OTHER_ADMIN),
  );
  run(
    'UPDATE admin_users SET reset_password_token = ?, registration_token = ?, username = ? WHERE id <> 999',
    PRIVATE_WORD,
    PRIVATE_WORD,
    PRIVATE_WORD,
  );
  const tables = database.connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const columnsOf = (table: string) =>
    database.connection
      .prepare(`PRAGMA table_info("${table}")`)
      .all()
      .map(({ name }) => String(name));
  // Numbers rows in an order that is neither theirs nor the reverse, published ones apart from drafts.
  const numbered = (table: string) =>
    `(SELECT id AS row_id, row_number() OVER (${
      columnsOf(table).includes('published_at') ? 'PARTITION BY published_at IS NULL ' : ''
    }ORDER BY id * 7919 % 1009) AS number FROM "${table}")`;
  for (const { table, column, type } of [...privateColumns(), ...BOOKKEEPING]) {
    const [word, other] = PRIVATE_VALUES[type] ?? [PRIVATE_WORD, OTHER_WORD];
    run(
      `UPDATE "${table}" SET "${column}" = CASE number % 3 WHEN 0 THEN NULL WHEN 1 THEN ? ELSE ? END
       FROM ${numbered(table)} WHERE id = row_id`,
      word,
      other,
    );
  }
  for (const table of tables.map(({ name }) => String(name))) {
    if (!columnsOf(table).includes('updated_by_id')) continue;
    run(
      `UPDATE "${table}" SET created_by_id = author, updated_by_id = author
       FROM (SELECT row_id, CASE number % 2 WHEN 0 THEN 999 ELSE 1 END AS author FROM ${numbered(table)})
       WHERE id = row_id`,
    );
  }
}

/** A document of each collection that the token reads, by endpoint. */
export async function someDocuments(cms: Cms, token: string | null): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { query } of Object.values(contentTypes)) {
    const { endpoint } = query;
    const { body } = await call(cms, 'GET', `/api/${endpoint}`, token);
    const { data } = body as { data: { documentId: string }[] | { documentId: string } };
    const [first] = Array.isArray(data) ? data : [];
    if (first !== undefined) found[endpoint] = first.documentId;
  }
  return found;
}

/**
 * Asks everything and tells what taught the asker something: an answer that is neither a 400 nor, status and body, that of
 * its control.
 */
export async function lessons(cms: Cms, asked: readonly Question[], token: string | null): Promise<string[]> {
  const ask = async (path: string): Promise<{ status: number; text: string }> => {
    const { status, text } = await call(cms, 'GET', path, token);
    return { status, text };
  };
  const controls = new Map<string, ReturnType<typeof ask>>();
  const control = (path: string): ReturnType<typeof ask> => {
    const known = controls.get(path) ?? ask(path);
    controls.set(path, known);
    return known;
  };
  const learnt: string[] = [];
  const left = [...asked].reverse();
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { status, text } = await ask(next.ask);
      if (status === 400) continue;
      if (next.control === null) {
        if (PRIVATE.test(text)) learnt.push(`${String(status)} ${next.ask}`);
        continue;
      }
      const plain = await control(next.control);
      if (status !== plain.status || text !== plain.text) learnt.push(`${String(status)} ${next.ask}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return learnt;
}

function open(file: string) {
  const connection = new DatabaseSync(file, { timeout: 10_000 });
  return { connection, [Symbol.dispose]: () => connection.close() };
}
