import { expect, test, vi } from 'vitest';
import { startForm } from './consultation/test/harness.ts';
import { ask, askRaw } from './test/http.ts';
import { attacks, floods, sendSlowly } from './test/slow.ts';

const patience = { headers: 1_000, request: 2_000, lookEvery: 100 };
const EACH = 60;

test('goes on answering while hundreds send slowly, and cuts each of them off', async () => {
  const { origin } = await startForm({ patience });
  const senders = attacks.flatMap(({ name, beginning, drop }) =>
    Array.from({ length: EACH }, () => ({ name, sender: sendSlowly(origin, beginning, drop, 50) })),
  );
  // A page that had to wait for them would come after the first of them was cut off.
  expect(await answersUntil(origin, () => senders.some(({ sender }) => sender.isCut()))).toBeGreaterThan(3);
  const waitedFor = (): string[] => senders.filter(({ sender }) => !sender.isCut()).map(({ name }) => name);
  await vi.waitFor(() => {
    expect(waitedFor()).toEqual([]);
  }, 30_000);
});

test('refuses headers that are too much, hundreds of times, and goes on answering', async () => {
  const { origin } = await startForm({ patience });
  let answers = 0;
  let flooding = 10;
  const flood = async (): Promise<void> => {
    // However fast it is, the flood lasts until a few pages came.
    for (let round = 0; round < 10 || answers < 4; round += 1) {
      for (const text of floods)
        expect(await askRaw(origin, text).catch(() => 'reset')).toMatch(/^HTTP\/1.1 431|^reset$/);
    }
  };
  const all = Promise.all(Array.from({ length: flooding }, () => flood().finally(() => (flooding -= 1))));
  await Promise.all([
    answersUntil(
      origin,
      () => flooding === 0,
      () => (answers += 1),
    ),
    all,
  ]);
  expect(answers).toBeGreaterThan(3);
});

/** Asks for a page all the time, until something is so. Gives how many answers there were. */
async function answersUntil(
  origin: string,
  isOver: () => boolean,
  onAnswer: () => void = () => undefined,
): Promise<number> {
  let answers = 0;
  while (!isOver()) {
    expect((await ask(origin, '/articles/')).status).toBe(200);
    answers += 1;
    onAnswer();
    await new Promise((done) => setTimeout(done, 10));
  }
  return answers;
}
