import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { checkMachine, machineOf } from './machine.ts';

test('accepts a machine with room', () => {
  checkMachine('/data', { disk: 6e8, memory: 2e9 });
});

test('refuses a disk that is nearly full, and says what is left, what is needed and what to do', () => {
  expect(() => checkMachine('/data', { disk: 12e6, memory: 2e9 })).toThrow(
    'Only 12 MB are left on the disk of DATA_DIR (/data); 500 MB are needed. Free some space, or set DATA_DIR to a folder on another disk.',
  );
});

test('refuses a machine with too little memory', () => {
  expect(() => checkMachine('/data', { disk: 6e8, memory: 5e8 })).toThrow('has 500 MB of memory');
});

test('measures disk and memory in bytes', () => {
  const { disk, memory } = machineOf(tmpdir());
  expect(disk).toBeGreaterThan(1e6);
  expect(memory).toBeGreaterThan(1e8);
});
