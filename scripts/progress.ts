import { stderr } from 'node:process';

/**
 * Runs one step of a longer job and shows it on stderr with its time: one line that is renewed on a terminal,
 * a line at the end elsewhere.
 *
 * @returns what the step returns
 */
export async function step<Result>(label: string, work: () => Promise<Result> | Result): Promise<Result> {
  const begin = performance.now();
  const line = (mark: string) => `${mark} ${label} (${seconds(performance.now() - begin)})`;
  const timer = stderr.isTTY ? setInterval(() => stderr.write(`\r  ${line('…')}`), 250) : undefined;
  try {
    const result = await work();
    finish(line('✓'));
    return result;
  } catch (error) {
    finish(line('✗'));
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/** Says that a step had nothing to do, and why. */
export function skip(label: string, reason: string): void {
  finish(`· ${label}: ${reason}`);
}

/** A duration in milliseconds, as people read it. */
export function seconds(milliseconds: number): string {
  return milliseconds < 10_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.round(milliseconds / 1000)} s`;
}

function finish(text: string): void {
  stderr.write(`${stderr.isTTY ? '\r\u001B[K' : ''}  ${text}\n`);
}
