import { stderr } from 'node:process';

/** Shows how far an import is. */
export interface Progress {
  /** Says what begins, and of how many steps it is; with 0 their number is unknown. */
  begin(label: string, total?: number): void;
  step: () => void;
  end: () => void;
}

const RENEWED_EVERY = 200;
/** Where lines stay, as in a log. */
const LINE_EVERY = 10_000;

/** Progress on stderr: one line that is renewed on a terminal, a line every ten seconds elsewhere. */
export function showProgress(): Progress {
  let label = '';
  let total = 0;
  let done = 0;
  let begun = 0;
  let shown = 0;
  const line = (): string => {
    const time = performance.now() - begun;
    const left = total > 0 && done > 20 ? `, about ${duration((time / done) * (total - done))} left` : '';
    const count = total > 0 ? ` ${done.toLocaleString('en')} of ${total.toLocaleString('en')}` : '';
    return `${label}${count}${done < total ? left : ''}`;
  };
  const write = (): void => {
    stderr.write(stderr.isTTY ? `\r\u001B[K  … ${line()}` : `  … ${line()}\n`);
    shown = performance.now();
  };
  const finish = (): void => {
    if (label === '') return;
    stderr.write(
      `${stderr.isTTY ? '\r\u001B[K' : ''}  ✓ ${line()} (${duration(performance.now() - begun)})\n`,
    );
    label = '';
  };
  return {
    begin(text, steps = 0) {
      finish();
      label = text;
      total = steps;
      done = 0;
      begun = performance.now();
      shown = begun;
      if (stderr.isTTY) write();
    },
    step() {
      done += 1;
      if (performance.now() - shown > (stderr.isTTY ? RENEWED_EVERY : LINE_EVERY)) write();
    },
    end: finish,
  };
}

function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 90 ? `${String(seconds)} s` : `${String(Math.round(seconds / 60))} min`;
}
