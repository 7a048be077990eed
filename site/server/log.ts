import { makeRedactor } from '@meridian/shared-types/operations';
import pino, { type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../settings.ts';
import { systemCode } from './errors.ts';

const redact = makeRedactor();

/**
 * The log of the site server: one JSON object a line, on standard output. Personal fields are hidden, and of a fault
 * only its kind, code, message and stack are told.
 */
export function makeLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    // Who and where the machine is, whoever reads its log knows.
    base: { service: 'site' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }), log: redact },
    serializers: { err: factsOf, error: factsOf },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

function factsOf(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  return { type: error.name, code: systemCode(error), message: error.message, stack: error.stack };
}
