import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DAY = 24 * 3600 * 1000;

/** Days after which somebody should have set a password of their own. */
export const firstPasswordDays = 7;

/**
 * For how many days the first admin has had the password of the installation; null when it was changed, or the CMS never
 * ran. The CMS writes down since when.
 */
export function firstPasswordAge(dataDir: string, now = new Date()): number | null {
  const file = join(dataDir, 'first-password');
  if (!existsSync(file)) return null;
  const since = Date.parse(readFileSync(file, 'utf8').trim());
  return Number.isNaN(since) ? null : Math.max(0, Math.floor((now.getTime() - since) / DAY));
}
