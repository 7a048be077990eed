import { expect, test } from 'vitest';
import { startForm } from './consultation/test/harness.ts';
import { ask, askRaw } from './test/http.ts';
import { attacks, floods, sendSlowly } from './test/slow.ts';

const patience = { headers: 600, request: 1_200, lookEvery: 100 };
const EACH = 60;

test('goes on answering while hundreds send slowly, and cuts each of them off', async () => {
  const { origin } = await startForm({ patience });
  const senders = attacks.flatMap(({ name, beginning, drop }) =>
    Array.from({ length: EACH }, () => ({ name, sender: sendSlowly(origin, beginning, drop, 50) })),
  );
  const slowest = await slowestAnswer(origin, 2_500);
  expect(slowest).toBeLessThan(500);
  expect(senders.filter(({ sender }) => !sender.isCut()).map(({ name }) => name)).toEqual([]);
});

test('refuses headers that are too much, hundreds of times, and goes on answering', async () => {
  const { origin } = await startForm({ patience });
  const flood = async (): Promise<void> => {
    for (let round = 0; round < 10; round += 1) {
      for (const text of floods)
        expect(await askRaw(origin, text).catch(() => 'reset')).toMatch(/^HTTP\/1.1 431|^reset$/);
    }
  };
  const [slowest] = await Promise.all([slowestAnswer(origin, 1_000), ...Array.from({ length: 10 }, flood)]);
  expect(slowest).toBeLessThan(500);
});

/** Asks for a page all the time, for so long. Gives the milliseconds of the slowest answer. */
async function slowestAnswer(origin: string, during: number): Promise<number> {
  const until = performance.now() + during;
  let slowest = 0;
  while (performance.now() < until) {
    const begin = performance.now();
    expect((await ask(origin, '/articles/')).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - begin);
    await new Promise((done) => setTimeout(done, 10));
  }
  return slowest;
}
