import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { OperatorError } from './errors.ts';
import { beginLog, boundLog } from './logs.ts';
import { root } from './settings.ts';

/** How long a child may take to stop by itself, in milliseconds. */
const GRACE = 12_000;

export interface Command {
  /** What people call it: "CMS". */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: Record<string, string>;
  /**
   * Where its output goes: a file that is begun anew, or through to this terminal. The log of a program that runs for
   * long is `kept`: older parts stay beside it, and none grows without bounds.
   */
  readonly output: { readonly log: string; readonly kept?: boolean } | 'inherit' | 'pipe';
}

export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Settles when it has ended: its exit code, or 1 for a signal. */
  readonly ended: Promise<number>;
  /** The end of what it wrote, when it writes to a log. */
  readonly lastLines: () => string;
  /** Asks it and all that it started to stop; ends them after a grace. */
  readonly stop: () => Promise<void>;
}

const running = new Set<Child>();

/** Starts a program at the head of a process group of its own, so that nothing it starts outlives it. */
export function startChild(command: Command): Child {
  const child = spawn(command.program, command.args, {
    cwd: command.cwd ?? root,
    env: { ...command.env, PATH: searchPath(command.env.PATH) },
    stdio: stdio(command.output),
    detached: process.platform !== 'win32',
  });
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', (code) => resolve(code ?? 1));
  });
  const { output, name } = command;
  const handle: Child = {
    name,
    process: child,
    ended,
    lastLines: () => (typeof output === 'string' ? '' : tail(output.log)),
    stop: () => stop(child, ended),
  };
  running.add(handle);
  const release = typeof output !== 'string' && output.kept === true ? boundLog(output.log) : () => undefined;
  void ended.then(() => {
    release();
    // What the child itself had started may still be there.
    signalGroup(child, 'SIGKILL');
    running.delete(handle);
  });
  return handle;
}

/** The environment of this process, for a child that is to have the same. */
export function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Runs a program to its end. @throws OperatorError with the end of its output when it fails */
export async function runChild(command: Command, advice: string): Promise<void> {
  const child = startChild(command);
  const code = await child.ended;
  if (code !== 0) throw failure(child, code, advice);
}

/** The one message for a child that ended although it should not have. */
export function failure(child: Child, code: number, advice: string): OperatorError {
  const lines = child.lastLines();
  const said = lines === '' ? '' : ` The last it said:\n\n${lines}\n`;
  return new OperatorError(`${child.name} failed (exit code ${code}).${said}\n${advice}`);
}

/** Stops all children, the last started first. */
export async function stopChildren(): Promise<void> {
  await Promise.all([...running].reverse().map((child) => child.stop()));
}

/** The lines of a log that matter: no empty ones, no stack frames, no requests, no npm chatter, no colours and no secrets. */
export function meaningfulLines(text: string, count = 12): string {
  return text
    .replaceAll(/\u001B\[[\d;]*[A-Za-z]/g, '')
    .split('\n')
    .flatMap((line) => inWords(line))
    .filter((line) => line.trim() !== '' && !/^\s+at\s|^npm (error|warn|ERR!)|^> |\] http: /.test(line))
    .map((line) => withoutSecrets(line.length > 400 ? `${line.slice(0, 400)} …` : line))
    .slice(-count)
    .join('\n');
}

/** What a line of a JSON log says to a person; other lines stay as they are. */
function inWords(line: string): string[] {
  if (!line.startsWith('{"level":"')) return [line];
  try {
    const said = JSON.parse(line) as { level?: string; msg?: unknown; err?: { message?: unknown } };
    if (said.level === 'http' || said.level === 'info') return [];
    const words = [said.msg, said.err?.message].filter((each) => typeof each === 'string');
    return words.length === 0 ? [line] : [`${said.level ?? ''}: ${words.join(' ')}`];
  } catch {
    return [line];
  }
}

/** Long hexadecimal strings and passwords in addresses are secrets more often than not. */
function withoutSecrets(line: string): string {
  return line
    .replaceAll(/[0-9a-f]{32,}|whsec_[\w+/=]+/gi, '[hidden]')
    .replaceAll(/:\/\/([^\s:/@]+):[^\s@]+@/g, '://$1:[hidden]@');
}

function tail(log: string): string {
  try {
    return meaningfulLines(readFileSync(log, 'utf8'));
  } catch {
    return '';
  }
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE);
  await ended;
  clearTimeout(timer);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function stdio(
  output: Command['output'],
): ['ignore', number | 'inherit' | 'pipe', number | 'inherit' | 'pipe'] {
  if (typeof output === 'string') return ['ignore', output, output];
  if (output.kept === true) beginLog(output.log);
  else mkdirSync(dirname(output.log), { recursive: true });
  const file = openSync(output.log, output.kept === true ? 'a' : 'w', 0o600);
  // The child gets a copy of its own when it is spawned, before this turn of the event loop ends.
  setImmediate(() => closeSync(file));
  return ['ignore', file, file];
}

function searchPath(path: string | undefined): string {
  return [join(root, 'node_modules', '.bin'), dirname(process.execPath), path ?? ''].join(delimiter);
}
