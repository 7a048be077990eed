/** More steps than any chain has: what is longer goes round in circles. */
const MOST_STEPS = 20;

/** The path of an address without query and anchor; an `entry:` link stays as it is. */
export function pathOf(address: string): string {
  return address.replace(/[?#].*$/s, '');
}

/**
 * Where one gets from an address by following redirects.
 *
 * @param next where the redirect from a path leads; undefined when there is none
 * @returns the address itself when nothing leads on from it; null when the way comes back to `start`, or never ends
 */
export async function endOf(
  address: string,
  start: string,
  next: (path: string) => Promise<string | undefined>,
): Promise<string | null> {
  let end = address;
  for (let step = 0; step <= MOST_STEPS; step += 1) {
    if (pathOf(end) === start) return null;
    const onward = await next(pathOf(end));
    if (onward === undefined) return end;
    end = onward;
  }
  return null;
}
