import fc from 'fast-check';
import { expect } from 'vitest';
import { cleanBuild, liveFiles, type Clinic } from './clinic.ts';
import { fates, operation, type Operation, staffOf } from './operations.ts';

/** How often each kind of operation came to what end. */
export type Tally = Map<string, number>;

/**
 * The property on which publishing stands: after any sequence of operations, with messages lost, doubled and late, the
 * live site is, byte for byte, what a clean build makes of the database; and where there can be no such build, the site
 * server says so too and tells which entries stand in the way. The clinic goes on from sequence to sequence, so a seed
 * that failed has to run from the first one again: CONVERGENCE_SEED=… does.
 *
 * @param seed left out: another one at each run
 */
export async function converges(
  clinic: Clinic,
  { sequences, operations, ...options }: { sequences: number; operations: number; seed?: number },
): Promise<Tally> {
  const staff = staffOf(clinic);
  const tally: Tally = new Map();
  const given = Number(process.env['CONVERGENCE_SEED']);
  const any = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  const seed = Number.isInteger(given) && given !== 0 ? given : any;
  const done: Operation[] = [];
  const property = fc.asyncProperty(
    fc.array(operation, { minLength: operations, maxLength: operations, size: 'max' }),
    fates,
    async (sequence, fate) => {
      let sent = 0;
      clinic.news.fateOf = (_path, body) => {
        if (!body.includes('"content.changed"')) return 'passed';
        sent += 1;
        return fate[sent % fate.length] ?? 'passed';
      };
      for (const each of sequence) {
        done.push(each);
        const end = `${each.kind} ${await staff.perform(each)}`;
        tally.set(end, (tally.get(end) ?? 0) + 1);
      }
      await clinic.news.flush();
      await expectConvergence(clinic, staff, tally);
    },
  );
  const outcome = await fc.check(property, { seed, numRuns: sequences, endOnFailure: true });
  if (outcome.failed) {
    throw new Error(
      `After ${outcome.numRuns} sequences the site was not what the database says. To see it again: CONVERGENCE_SEED=${seed}.\n` +
        `All that was done:\n${done.map((each) => JSON.stringify(each)).join('\n')}`,
      { cause: outcome.errorInstance },
    );
  }
  return tally;
}

async function expectConvergence(
  clinic: Clinic,
  staff: ReturnType<typeof staffOf>,
  tally: Tally,
): Promise<void> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const status = await clinic.settle();
    const clean = await cleanBuild(clinic);
    if ('files' in clean) {
      expect(status.failure).toBeNull();
      expect(await liveFiles(clinic)).toEqual(clean.files);
      return;
    }
    expect(status.state, clean.faults).toBe('failed');
    const entries = status.failure?.entries ?? [];
    expect(entries.length, clean.faults).toBeGreaterThan(0);
    for (const { message } of entries) expect(clean.faults).toContain(message);
    tally.set('faults told', (tally.get('faults told') ?? 0) + 1);
    await staff.mend(entries);
  }
  throw new Error('The content could not be mended.');
}
