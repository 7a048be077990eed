/** A redirect, as far as it leads from one place to another. */
export interface Step {
  from: string;
  to: string;
}

/** The path of an address without query and anchor; an `entry:` link stays as it is. */
export function pathOf(address: string): string {
  return address.replace(/[?#].*$/s, '');
}

/**
 * Where one gets from an address by following redirects; their number is the longest way.
 *
 * @returns the address itself when nothing leads on from it; null when the way comes back to `start`, or never ends
 */
export function endOf(address: string, start: string, steps: readonly Step[]): string | null {
  const next = new Map(steps.map(({ from, to }) => [from, to]));
  let end = address;
  for (let count = 0; count <= steps.length; count += 1) {
    if (pathOf(end) === start) return null;
    const onward = next.get(pathOf(end));
    if (onward === undefined) return end;
    end = onward;
  }
  return null;
}
