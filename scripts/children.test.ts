import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { meaningfulLines, runChild, startChild } from './children.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-children-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const node = (script: string) => ({
  name: 'The test child',
  program: process.execPath,
  args: ['-e', script],
  env: {},
  output: { log: join(folder, 'child.log') },
});

test('reports a failed child with its exit code, its last lines and the advice', async () => {
  const failure = runChild(
    node('console.log("first"); console.error("Disk on fire."); process.exit(3)'),
    'Call for help.',
  );
  await expect(failure).rejects.toThrow(
    /The test child failed \(exit code 3\).*Disk on fire\..*Call for help\./s,
  );
});

test('reports a program that does not exist', async () => {
  await expect(runChild({ ...node(''), program: 'no-such-program' }, 'Install it.')).rejects.toThrow(
    /exit code 127.*Install it/s,
  );
});

test('stops a child together with what it started', async () => {
  const script = `const { spawn } = require('node:child_process');
    const grandchild = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
    console.log(grandchild.pid); setInterval(() => {}, 1000);`;
  const child = startChild(node(script));
  const log = join(folder, 'child.log');
  while (readFileSync(log, 'utf8') === '') await sleep(20);
  const grandchild = Number(readFileSync(log, 'utf8'));
  await child.stop();
  await expect.poll(() => isRunning(grandchild), { timeout: 5000 }).toBe(false);
});

test('keeps stack frames, requests, colours and secrets out of the last lines', () => {
  const text = [
    '\u001B[31mThe database is locked.\u001B[0m',
    '    at Object.<anonymous> (/srv/file.js:1:1)',
    '[2026-01-01 00:00:00.000] http: GET /api/articles (1 ms) 200',
    '{"level":"http","time":"2026-01-01T00:00:00.000Z","msg":"GET /api/articles (1 ms) 200"}',
    '{"level":"error","time":"2026-01-01T00:00:00.000Z","msg":"It broke.","err":{"message":"No room."}}',
    `token ${'ab12'.repeat(16)} and postgres://me:hunter2@db/x`,
    '',
  ].join('\n');
  expect(meaningfulLines(text)).toBe(
    'The database is locked.\nerror: It broke. No room.\ntoken [hidden] and postgres://me:[hidden]@db/x',
  );
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A killed process stays a zombie until its new parent has looked at it.
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
