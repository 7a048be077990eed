import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { startSite } from '../../test/programs.ts';
import { temporaryFolder } from '../../test/site.ts';
import { goodAnswers, liveForm, post, referenceIn, spoolKey, startIntake, tokenOf } from './harness.ts';

/** Environment of a real site server that hands requests to a CMS at `cmsUrl`. */
export function environmentFor(cmsUrl: string): Record<string, string> {
  return { SPOOL_KEY: spoolKey, CMS_URL: cmsUrl, CMS_INTAKE_TOKEN: 'intake', TRUST_PROXY: '1' };
}

/**
 * Kills a real site server with -9 again and again while patients send requests. The client keeps a journal and, as a
 * patient would, sends a form again that got no answer. At the end the CMS must have every acknowledged request exactly
 * once, as it was sent.
 */
export async function survivesKills(requests: number, kills: number): Promise<void> {
  const dataDir = await temporaryFolder();
  await liveForm(dataDir);
  const intake = await startIntake();
  let posts = 0;
  // Now and then the CMS takes a request and dies before it answers.
  intake.fault = (_request, when) => (when === 'after' && (posts += 1) % 17 === 0 ? null : undefined);
  const environment = environmentFor(intake.url);
  let site = await startSite(dataDir, environment);
  const journal = new Map<string, string>();
  let next = 0;

  async function patient(): Promise<void> {
    while (next < requests) {
      const number = next;
      next += 1;
      const key = crypto.randomUUID();
      const answers = goodAnswers({ form: tokenOf(key), name: `Patient ${number}` });
      const headers = { 'x-forwarded-for': `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}` };
      for (;;) {
        try {
          const answer = await post(site.origin, answers, headers);
          expect(answer.status).toBe(303);
          journal.set(`Patient ${number}`, await referenceIn(site.origin, answer));
          break;
        } catch (error) {
          if (error instanceof Error && error.name === 'AssertionError') throw error;
          await wait(20);
        }
      }
    }
  }

  const patients = Promise.all(Array.from({ length: 8 }, patient));
  for (let killed = 0; killed < kills; killed += 1) {
    const share = (requests / (kills + 1)) * (killed + 1);
    while (next < share) await wait(5);
    await wait(Math.random() * 30);
    site.child.kill('SIGKILL');
    await site.ended;
    site = await startSite(dataDir, environment);
  }
  await patients;
  expect(journal.size).toBe(requests);
  await expect.poll(() => intake.taken.size, { timeout: 60_000, interval: 100 }).toBe(requests);
  const delivered = new Map([...intake.taken.values()].map(({ name, reference }) => [name, reference]));
  expect(delivered).toEqual(journal);
  expect(new Set(journal.values()).size).toBe(requests);
  expect(site.output()).not.toContain('Patient');
}
