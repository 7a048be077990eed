import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';

test('processes that look for ports at the same places get none twice', async () => {
  const program = `
    Object.defineProperty(process, 'pid', { value: ${process.pid} });
    const { freePort } = await import(${JSON.stringify(new URL('free-port.ts', import.meta.url).href)});
    for (let count = 0; count < 20; count += 1) console.log(await freePort());
    setInterval(() => {}, 1000);`;
  const children = [1, 2, 3].map(() => spawn(process.execPath, ['--input-type=module', '-e', program]));
  try {
    const ports = await Promise.all(
      children.map(async ({ stdout }) => {
        const found: string[] = [];
        for await (const line of createInterface({ input: stdout })) if (found.push(line) === 20) break;
        return found;
      }),
    );
    const own = await Promise.all(Array.from({ length: 20 }, freePort));
    expect(new Set([...ports.flat().map(Number), ...own]).size).toBe(80);
  } finally {
    for (const child of children) {
      child.kill();
      await once(child, 'exit');
    }
  }
});
