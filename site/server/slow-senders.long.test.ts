import { expect, test } from 'vitest';
import { startForm } from './consultation/test/harness.ts';
import { ask } from './test/http.ts';
import { attacks, sendSlowly } from './test/slow.ts';

test('two thousand slow senders, each of whom comes back when it is cut off, keep nobody from the site for a minute', async () => {
  const { origin } = await startForm();
  let cuts = 0;
  const senders = Array.from({ length: 2_000 }, (_, index) => {
    const attack = attacks[index % attacks.length] ?? attacks[0];
    if (attack === undefined) throw new Error('There are no attacks.');
    const begin = () => sendSlowly(origin, attack.beginning, attack.drop, 1_000);
    return { begin, sender: begin() };
  });
  const until = Date.now() + 60_000;
  let slowest = 0;
  let asked = 0;
  while (Date.now() < until) {
    const begin = performance.now();
    expect((await ask(origin, '/articles/')).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - begin);
    asked += 1;
    for (const each of senders.filter(({ sender }) => sender.isCut())) {
      cuts += 1;
      each.sender = each.begin();
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  console.log(
    `${String(asked)} pages, the slowest in ${String(Math.round(slowest))} ms; ${String(cuts)} cut off.`,
  );
  for (const { sender } of senders) sender.end();
  expect(cuts).toBeGreaterThan(4_000);
  expect(slowest).toBeLessThan(2_000);
}, 120_000);
