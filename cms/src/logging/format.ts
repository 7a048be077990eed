import { makeRedactor } from '@meridian/shared-types/operations';
import schema from '../api/consultation-request/content-types/consultation-request/schema.json';
import { requestIds } from './request-ids.ts';

/** What winston hands to a format: the level, the message, and whatever was given beside; it may be an error. */
export interface LogEntry {
  level: string;
  message: unknown;
  [name: string | symbol]: unknown;
}

const redact = makeRedactor(Object.keys(schema.attributes));
/** Where winston looks for the finished line. */
const finished = Symbol.for('message');

/**
 * A format of winston: one JSON object a line, with the id of the request that is being answered. Personal fields are
 * hidden, those of the content type of consultation requests among them; of an error, its code, message and stack are told.
 */
export const jsonLines = {
  transform(entry: LogEntry): LogEntry {
    entry[finished] = jsonLine(entry, requestIds.getStore());
    return entry;
  },
};

function jsonLine(entry: LogEntry, requestId: string | undefined): string {
  const { level, message, stack, code, ...more } = entry;
  // What errors hold beside their message repeats rows of the database and what was typed.
  const isError = entry instanceof Error || message instanceof Error || stack !== undefined;
  const said = message instanceof Error ? message.message : message;
  const facts = {
    level,
    time: new Date().toISOString(),
    service: 'cms',
    requestId,
    code,
    ...(isError ? {} : redact(more)),
    msg: typeof said === 'object' && said !== null ? redact({ ...said }) : said,
    stack: message instanceof Error ? message.stack : stack,
  };
  try {
    return JSON.stringify(facts, (_name, value: unknown) =>
      value instanceof Error ? { message: value.message, stack: value.stack } : value,
    );
  } catch {
    // Something in it refers to itself.
    return JSON.stringify({ level, time: facts.time, service: 'cms', requestId, msg: String(said) });
  }
}
