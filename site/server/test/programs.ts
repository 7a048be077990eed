import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';

const server = join(import.meta.dirname, '..');

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
  const program = runProgram(process.execPath, [join(server, file), ...parameters], environment);
  onTestFinished(() => program.kill());
  return program;
}

/** Starts any program; whoever does has to kill it. */
export function runProgram(
  command: string,
  parameters: readonly string[],
  environment: Record<string, string>,
): Program & { kill: () => Promise<void> } {
  const child = spawn(command, parameters, {
    env: { PATH: process.env['PATH'], ASTRO_TELEMETRY_DISABLED: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gather = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', gather);
  child.stderr.on('data', gather);
  const ended = once(child, 'close').then(() => child.exitCode);
  return {
    child,
    output: () => output,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export const webhookSecret = `whsec_${Buffer.from('a secret of thirty-two bytes, so').toString('base64')}`;

/** Settings that every program of the server needs. Nothing listens at the address of the CMS. */
export const neededSettings = {
  CMS_URL: 'http://127.0.0.1:9',
  CMS_BUILD_TOKEN: 'a-token',
  WEBHOOK_SECRET: webhookSecret,
};

/** Starts the site server on a free port and answers when it listens. */
export async function startSite(
  dataDir: string,
  environment: Record<string, string> = {},
): Promise<Program & { origin: string; environment: Record<string, string> }> {
  const port = environment['SITE_PORT'] ?? String(await freePort());
  const all = { ...neededSettings, ...environment, DATA_DIR: dataDir, SITE_PORT: port };
  const program = startProgram('main.ts', [], all);
  const origin = `http://127.0.0.1:${port}`;
  for (;;) {
    if (program.child.exitCode !== null) throw new Error(`The site server ended: ${program.output()}`);
    try {
      await fetch(`${origin}/healthz`);
      return { ...program, origin, environment: all };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/**
 * An option of Node that ends the process as a power cut would, right after so many steps that give something on the
 * disk its name or time. With one more and one more, a test meets every moment between two steps.
 */
export function killAfter(steps: number): string {
  const module = `
    import fs from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    let left = ${steps};
    for (const name of ['rename', 'symlink', 'utimes']) {
      const step = fs[name];
      fs[name] = async (...given) => {
        await step(...given);
        left -= 1;
        if (left === 0) process.kill(process.pid, 'SIGKILL');
      };
    }
    syncBuiltinESMExports();`;
  return `--import=data:text/javascript,${encodeURIComponent(module)}`;
}
