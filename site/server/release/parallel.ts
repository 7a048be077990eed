/** Enough to keep the disk and the four threads of zlib busy without holding many files in memory. */
export const atOnce = 8;

/** Runs `work` over all items, at most `limit` at a time; answers in the order of the items. The first fault ends it. */
export async function mapParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  let failed = false;
  async function run(): Promise<void> {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const runs = Array.from({ length: Math.min(limit, items.length) }, run);
  // A fault is reported only when nothing runs any more, so that a clean-up meets no late writes.
  await Promise.allSettled(runs);
  await Promise.all(runs);
  return results;
}
