import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { contentTypes } from '@meridian/shared-types';
import type { Cms } from './cms.ts';
import { call } from './people.ts';
import { PRIVATE_WORD, privateColumns, type Question } from './oracles.ts';

const AT_ONCE = 8;
const PRIVATE = new RegExp(`${PRIVATE_WORD}|"(createdBy|updatedBy|password)"`);
const REFUSED = [400, 401, 403, 404, 405];

/** Writes a word into every private text, and makes the first admin the author of everything: there is something to find. */
export function plantPrivateWords({ settings }: Cms): void {
  using database = open(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'));
  for (const { table, column } of privateColumns()) {
    database.connection.exec(`UPDATE "${table}" SET "${column}" = '${PRIVATE_WORD}'`);
  }
  const tables = database.connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables) {
    const columns = database.connection.prepare(`PRAGMA table_info("${String(name)}")`).all();
    if (columns.some((column) => column['name'] === 'updated_by_id')) {
      database.connection.exec(`UPDATE "${String(name)}" SET created_by_id = 1, updated_by_id = 1`);
    }
  }
  database.connection.exec(`UPDATE admin_users SET reset_password_token = '${PRIVATE_WORD}'`);
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
 * Asks everything and tells what taught the asker something: an answer that is neither a refusal nor, byte for byte, that
 * of its control.
 */
export async function lessons(cms: Cms, asked: readonly Question[], token: string | null): Promise<string[]> {
  const controls = new Map<string, Promise<string>>();
  const control = (path: string): Promise<string> => {
    const known = controls.get(path) ?? call(cms, 'GET', path, token).then(({ text }) => text);
    controls.set(path, known);
    return known;
  };
  const learnt: string[] = [];
  const left = [...asked].reverse();
  const worker = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { status, text } = await call(cms, 'GET', next.ask, token);
      if (REFUSED.includes(status)) continue;
      const taught = next.control === null ? PRIVATE.test(text) : text !== (await control(next.control));
      if (taught) learnt.push(`${String(status)} ${next.ask}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return learnt;
}

function open(file: string) {
  const connection = new DatabaseSync(file);
  return { connection, [Symbol.dispose]: () => connection.close() };
}
