import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A program of the server that runs on its own, as operators run it. */
export interface Program {
  child: ChildProcess;
  /** All that it has written so far, to both outputs. */
  output(): string;
  /** Its exit code once it has ended and all of its output is here; null: a signal ended it. */
  ended: Promise<number | null>;
}

/** Starts a program of the server's folder; it is killed when the test ends. */
export function startProgram(
  file: string,
  parameters: string[],
  environment: Record<string, string>,
): Program {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', file), ...parameters], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gather = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  const ended = once(child, 'close').then(() => child.exitCode);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return { child, output: () => output, ended };
}

/** Starts the site server on a free port and answers when it listens. */
export async function startSite(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<Program & { origin: string }> {
  const port = await freePort();
  const own = { DATA_DIR: dataDir, SITE_PORT: String(port), ...environment };
  const program = startProgram('main.ts', [], own);
  const origin = `http://127.0.0.1:${port}`;
  for (;;) {
    if (program.child.exitCode !== null) throw new Error(`The site server ended: ${program.output()}`);
    try {
      await fetch(`${origin}/healthz`);
      return { ...program, origin };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system handed out no port.');
  return address.port;
}
