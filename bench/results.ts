import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { benchDir } from './tools.ts';

/** Writes what a bench found to `.tmp/bench/NAME.json`, with the machine that it ran on. */
export function writeResults(name: string, results: readonly object[], more: object = {}): void {
  const machine = {
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    load: loadavg()[0],
  };
  const facts = { at: new Date().toISOString(), machine, ...more, results };
  mkdirSync(benchDir, { recursive: true });
  const file = join(benchDir, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`);
  console.error(`  Written to ${file}`);
}

/** The value that a share of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
