import { CmsError } from './errors.ts';

/**
 * A setting that counts days, from 1 to 3650.
 *
 * @throws CmsError naming the setting when it is anything else
 */
export function wholeDays(name: string, value: string): number {
  const days = Number(value);
  if (!/^\d+$/.test(value) || days < 1 || days > 3650) {
    throw new CmsError(`${name} is "${value}". Set it to a whole number of days from 1 to 3650, such as 90.`);
  }
  return days;
}
