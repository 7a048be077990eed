import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { BuildLimits } from '../../settings.ts';
import { answerSchema, type Answer, type Order, type Outcome } from './orders.ts';

/** How a build came out: `timings` in milliseconds by step. */
export interface Built {
  outcome: Outcome;
  timings: Record<string, number>;
}

/** Builds releases in a process of its own, which is kept warm. */
export interface Builder {
  /** Never fails: what goes wrong is an outcome. Orders are fulfilled one after the other. */
  build(order: Omit<Order, 'number' | 'warmUp'>): Promise<Built>;
  /** Builds once for nothing, so that the next build is quick. Does nothing when the process is warm. */
  warmUp(builtFrom: string): Promise<void>;
  /** Ends the process; the next order starts another one, with the code as it is then. */
  renew(): Promise<void>;
  /** Ends the process for good. */
  stop(): Promise<void>;
  /** Process that builds now; null: none does. For tests. */
  readonly pid: number | null;
}

/** After so many builds the process is replaced: each leaves some megabyte behind, and nothing should run for ever. */
const mostBuilds = 500;
/** Part of its memory after which the process is replaced. */
const mostMemory = 0.9;

interface Worker {
  child: ChildProcess;
  builds: number;
  memory: number;
  ended: Promise<string>;
}

/** Makes a builder; its process starts with the first order. */
export function makeBuilder(limits: BuildLimits): Builder {
  let worker: Worker | null = null;
  let number = 0;
  let last: Promise<unknown> = Promise.resolve();
  let stopped = false;

  function start(): Worker {
    const child = fork(path.join(import.meta.dirname, 'worker.ts'), [], {
      execArgv: [`--max-old-space-size=${limits.memory}`, '--disable-warning=ExperimentalWarning'],
      cwd: path.resolve(import.meta.dirname, '../..'),
      env: { ...process.env, NODE_ENV: 'production', ASTRO_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ended = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(`could not be started or told (${error.message})`));
      child.once('exit', (code, signal) => resolve(endOf(code, signal)));
    });
    const started: Worker = { child, builds: 0, memory: 0, ended };
    void ended.then(() => {
      if (worker === started) worker = null;
    });
    return started;
  }

  async function end(): Promise<void> {
    const ending = worker;
    worker = null;
    ending?.child.kill('SIGKILL');
    await ending?.ended;
  }

  async function fulfil(order: Omit<Order, 'number'>): Promise<Built> {
    if (stopped) return fault('The site server is stopping.');
    worker ??= start();
    const current = worker;
    number += 1;
    const answered = answerTo(current.child, number);
    const clock = deadline(limits.deadline);
    current.child.send({ ...order, number });
    try {
      const result = await Promise.race([answered.answer, current.ended, clock.over]);
      if (typeof result === 'object') {
        current.builds += 1;
        current.memory = result.memory;
        return { outcome: result.outcome, timings: result.timings };
      }
      if (result === clock.message) await end();
      return fault(
        `The process that builds the site ${result}. The site that is live stays as it is, and the build is tried again.`,
      );
    } finally {
      clock.stop();
      answered.forget();
    }
  }

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = last.then(work);
    last = result.catch(() => null);
    return result;
  }

  return {
    get pid() {
      return worker?.child.pid ?? null;
    },
    build: (order) => inTurn(() => fulfil({ ...order, warmUp: false })),
    warmUp: (builtFrom) =>
      inTurn(async () => {
        if (worker !== null && (worker.builds >= mostBuilds || worker.memory > limits.memory * mostMemory)) {
          await end();
        }
        if (worker === null) await fulfil({ builtFrom, live: null, warmUp: true });
      }),
    renew: () => inTurn(end),
    async stop() {
      stopped = true;
      await end();
    },
  };
}

function answerTo(child: ChildProcess, number: number): { answer: Promise<Answer>; forget: () => void } {
  let hear: (message: unknown) => void = () => undefined;
  const answer = new Promise<Answer>((resolve) => {
    hear = (message) => {
      const parsed = answerSchema.safeParse(message);
      if (parsed.success && parsed.data.number === number) resolve(parsed.data);
    };
    child.on('message', hear);
  });
  return { answer, forget: () => child.off('message', hear) };
}

function deadline(seconds: number): { over: Promise<string>; message: string; stop: () => void } {
  const message = `was not done after ${seconds} s (the setting BUILD_DEADLINE) and was ended`;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(message), seconds * 1_000);
  });
  return { over, message, stop: () => clearTimeout(timer) };
}

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT' || code === 134) {
    return 'ran out of memory (the setting BUILD_MEMORY gives it more) or broke down';
  }
  return signal === null ? `ended by itself with code ${code ?? 0}` : `was ended by the signal ${signal}`;
}

function fault(message: string): Built {
  return { outcome: { kind: 'fault', message }, timings: {} };
}
