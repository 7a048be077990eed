import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import { OperatorError } from './errors.ts';

/** What a machine has, in bytes. */
export interface Machine {
  /** Free on the disk that holds the data. */
  readonly disk: number;
  readonly memory: number;
}

const NEEDED: Machine = { disk: 5e8, memory: 1e9 };

/** Measures this machine. */
export function machineOf(dataDir: string): Machine {
  const { bavail, bsize } = statfsSync(dataDir);
  return { disk: bavail * bsize, memory: totalmem() };
}

/** @throws OperatorError when a machine has too little disk or memory for a start */
export function checkMachine(dataDir: string, machine: Machine): void {
  if (machine.disk < NEEDED.disk) {
    throw new OperatorError(
      `Only ${inMegabytes(machine.disk)} are left on the disk of DATA_DIR (${dataDir}); ${inMegabytes(NEEDED.disk)} are needed. ` +
        'Free some space, or set DATA_DIR to a folder on another disk.',
    );
  }
  if (machine.memory < NEEDED.memory) {
    throw new OperatorError(
      `This machine has ${inMegabytes(machine.memory)} of memory; building the CMS needs about ${inMegabytes(NEEDED.memory)}. Give it more.`,
    );
  }
}

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
