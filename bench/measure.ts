import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type Command, failure, startChild } from '../scripts/children.ts';

/** What one run of a program took. */
export interface Cost {
  /** Wall time in milliseconds. */
  readonly milliseconds: number;
  /** Most memory that the program and all it started held at once, in bytes; null where /proc cannot tell. */
  readonly peakMemory: number | null;
  /** Load of the machine (processes that ran or waited, mean of a minute) when the run ended. */
  readonly load: number;
}

/** What a folder of built pages holds. */
export interface Output {
  readonly bytes: number;
  readonly files: number;
  readonly htmlPages: number;
}

const SAMPLE_EVERY = 100;

/** Runs a program to its end and measures it. @throws OperatorError with the end of its output when it fails */
export async function measureRun(command: Command, advice: string): Promise<Cost> {
  const begin = performance.now();
  const child = startChild(command);
  const pid = child.process.pid ?? 0;
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, memoryOfTree(pid), memoryOf(pid, 'VmHWM'));
  };
  const timer = setInterval(sample, SAMPLE_EVERY);
  const code = await child.ended;
  clearInterval(timer);
  if (code !== 0) throw failure(child, code, advice);
  return {
    milliseconds: performance.now() - begin,
    peakMemory: peak === 0 ? null : peak,
    load: loadavg()[0] ?? 0,
  };
}

/** Counts what lies in a folder and all below it. */
export function outputOf(folder: string): Output {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return {
    bytes: files.reduce((sum, file) => sum + statSync(pathOf(file)).size, 0),
    files: files.length,
    htmlPages: files.filter(({ name }) => name.endsWith('.html')).length,
  };
}

function pathOf(entry: Dirent): string {
  return join(entry.parentPath, entry.name);
}

/** Bytes that a process and all that it started hold; 0 where /proc cannot tell. */
export function memoryOfTree(pid: number): number {
  return memoryOf(pid, 'VmRSS') + childrenOf(pid).reduce((sum, child) => sum + memoryOfTree(child), 0);
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    // The process has ended, or the system has no /proc.
    return [];
  }
}

/** Bytes that a process holds (`VmRSS`) or once held (`VmHWM`); 0 where /proc cannot tell. */
export function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  try {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
    )?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
