import { errors } from '@strapi/utils';

const MOST_DIGITS = 15;

/**
 * The revision that a reader of the log has seen, from the query parameter `since`.
 *
 * @throws ValidationError (400) unless it is one whole number, 0 or more
 */
export function parseSince(value: unknown): number {
  if (typeof value === 'string' && /^\d+$/.test(value) && value.length <= MOST_DIGITS) return Number(value);
  throw new errors.ValidationError(
    'The parameter since must be the last revision that you have seen: a whole number of ' +
      `at most ${String(MOST_DIGITS)} digits, given once. Begin with since=0.`,
  );
}
