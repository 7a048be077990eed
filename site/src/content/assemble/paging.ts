import type { Paging } from '../views.ts';

/** Articles on one page of a list. */
export const pageLength = 12;

/** Cuts a list into pages; an empty list has one empty page. */
export function pagesOf<Item>(items: readonly Item[]): Item[][] {
  const count = Math.max(Math.ceil(items.length / pageLength), 1);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * pageLength, (index + 1) * pageLength),
  );
}

/** Links from one page of a list to the first, the last and those around it. */
export function paging(current: number, total: number, pathOf: (page: number) => string): Paging {
  const numbers = new Set([1, total]);
  for (let number = Math.max(current - 2, 1); number <= Math.min(current + 2, total); number += 1)
    numbers.add(number);
  return {
    current,
    total,
    previous: current > 1 ? pathOf(current - 1) : null,
    next: current < total ? pathOf(current + 1) : null,
    pages: [...numbers].toSorted((a, b) => a - b).map((number) => ({ number, href: pathOf(number) })),
  };
}
