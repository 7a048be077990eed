import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCms } from '../../cms/test/cms.ts';
import { call, logIn } from '../../cms/test/people.ts';
import { cleanBuild, liveFiles } from '../convergence/clinic.ts';
import { type Cluster, makeCluster, type Member } from './cluster.ts';

const ARTICLE = '/content-manager/collection-types/api::article.article';
const patientsRead = '/articles/acupuncture-for-spine-pain/';

let cluster: Cluster;
let owner: string;
beforeAll(async () => {
  cluster = await makeCluster();
});
afterAll(() => cluster.stop());

/** Asks the admin's API by way of the balancer, as the owner. */
const admin = (method: string, path: string, body?: unknown) =>
  call({ url: cluster.front.cms }, method, path, owner, body);

async function count(from: string): Promise<number> {
  const [row] = await cluster.query(`SELECT count(*)::int AS count FROM ${from}`);
  return Number(row?.['count']);
}

async function article(slug: string): Promise<string> {
  const fields = { title: `About ${slug}`, slug, summary: 'A summary.' };
  const { status, body, text } = await admin('POST', ARTICLE, fields);
  expect(status, text).toBe(201);
  return (body as { data: { documentId: string } }).data.documentId;
}

let patients = 0;
/** Headers of somebody who has an address of their own, as the balancer would tell. */
const patient = (): Record<string, string> => {
  patients += 1;
  return { 'x-forwarded-for': `10.${(patients >> 16) & 255}.${(patients >> 8) & 255}.${patients & 255}` };
};

/** Opens the form at one address; it can be sent at once without looking like a program after three seconds. */
async function openForm(url: string): Promise<string> {
  const answer = await fetch(`${url}/consultation/`, { headers: patient() });
  const form = /name="form"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="form"/.exec(await answer.text());
  const token = form?.[1] ?? form?.[2];
  if (token === undefined) throw new Error('The page has no form.');
  return token;
}

/** Sends a form. Gives the reference that the patient is shown, by whichever site server; null when it failed. */
async function send(url: string, form: string, name: string): Promise<string | null> {
  const answer = await fetch(`${url}/consultation/`, {
    method: 'POST',
    body: new URLSearchParams({ form, name, phone: '(310) 555-0147', consent: 'yes' }),
    headers: patient(),
    redirect: 'manual',
  }).catch(() => null);
  if (answer?.status !== 303) return null;
  const confirmation = `${cluster.front.site}${answer.headers.get('location') ?? ''}`;
  for (let look = 0; look < 50; look += 1) {
    const shown = await fetch(confirmation).then(
      (page) => page.text(),
      () => '',
    );
    const reference = /class="reference">\s*([^<\s]+)/.exec(shown)?.[1];
    if (reference !== undefined) return reference;
    await sleep(100);
  }
  throw new Error('No site server shows the confirmation that one of them gave.');
}

async function allDelivered(references: readonly string[]): Promise<void> {
  await expect
    .poll(async () => (await cluster.query('SELECT reference FROM consultation_requests')).length, {
      timeout: 60_000,
    })
    .toBeGreaterThanOrEqual(new Set(references).size);
  const stored = (await cluster.query('SELECT reference FROM consultation_requests')).map(
    ({ reference }) => reference,
  );
  expect(new Set(stored).size).toBe(stored.length);
  expect(stored).toEqual(expect.arrayContaining([...references]));
}

test('two replicas boot together on an empty database, and make everything once', async () => {
  await Promise.all(cluster.cms.map((each) => each.start()));
  expect(await count('admin_users')).toBe(1);
  expect(await count(`strapi_api_tokens WHERE name IN ('build', 'preview', 'intake')`)).toBe(3);
  const doubled = await cluster.query('SELECT code FROM admin_roles GROUP BY code HAVING count(*) > 1');
  expect(doubled).toEqual([]);
  const seeded = await runCms('seed', { ...cluster.settings, DATA_DIR: cluster.cms[0].dataDir }, '--fixture');
  expect(seeded.code, seeded.output).toBe(0);
  owner = await logIn(
    { url: cluster.cms[0].url } as Parameters<typeof logIn>[0],
    cluster.settings['ADMIN_EMAIL'] ?? '',
    cluster.settings['ADMIN_PASSWORD'] ?? '',
  );
  // Whoever logged in at one is known at the other.
  expect((await call(cluster.cms[1], 'GET', '/admin/users/me', owner)).status).toBe(200);
});

test('two site servers show the same site, with pictures out of the bucket', async () => {
  await Promise.all(cluster.sites.map((each) => each.start()));
  await cluster.settle();
  expect(await liveFiles(cluster.sites[0])).toEqual(await liveFiles(cluster.sites[1]));
  expect((await cluster.store.names()).length).toBeGreaterThan(5);
  const html = await (await fetch(`${cluster.front.site}${patientsRead}`)).text();
  const pictures = [...html.matchAll(/(?:src|srcset)="(\/media\/[^" ]+)/g)].map(([, path]) => path);
  expect(pictures.length).toBeGreaterThan(0);
  for (const { url } of cluster.sites) {
    for (const path of pictures) expect((await fetch(`${url}${path}`)).status).toBe(200);
  }
});

test('what is planned happens once', async () => {
  const time = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 16);
  const ids: string[] = [];
  for (let each = 0; each < 12; each += 1) {
    const documentId = await article(`planned-${each}`);
    const wish = { type: 'api::article.article', documentId, action: 'publish', localTime: time };
    expect((await admin('POST', '/meridian/schedule/actions', wish)).status).toBe(201);
    ids.push(documentId);
  }
  await cluster.query(
    `UPDATE scheduled_actions SET due_at = now() - interval '1 minute' WHERE state = 'waiting'`,
  );
  await expect
    .poll(() => count(`scheduled_actions WHERE state = 'done'`), { timeout: 60_000 })
    .toBe(ids.length);
  const published = await cluster.query(
    `SELECT entry_id, count(*)::int AS times FROM revisions WHERE entry_id IN (${ids.map((id) => `'${id}'`).join()}) GROUP BY 1`,
  );
  expect(published.map(({ times }) => times)).toEqual(ids.map(() => 1));
});

test('reviews that fall due are noted once', async () => {
  const calendar = `revisions WHERE actor LIKE 'the calendar%'`;
  await cluster.query(
    `UPDATE strapi_core_store_settings SET value = '"2000-01-01"' WHERE key LIKE '%review-day'`,
  );
  await expect.poll(() => count(calendar), { timeout: 90_000 }).toBeGreaterThan(0);
  // Both have looked by then.
  await sleep(65_000);
  const doubled = await cluster.query(`SELECT entry_id FROM ${calendar} GROUP BY 1 HAVING count(*) > 1`);
  expect(doubled).toEqual([]);
});

test('requests through either site server reach the CMS once, and one e-mail tells of each', async () => {
  const forms: string[] = [];
  for (let each = 0; each < 20; each += 1) forms.push(await openForm(cluster.sites[each % 2]?.url ?? ''));
  await sleep(3_100);
  const references: string[] = [];
  for (const [index, form] of forms.entries()) {
    // Sent by way of the other server than the one that showed the form; every fourth twice, by way of both.
    const name = `Patient ${index}`;
    const sent = [
      cluster.sites[(index + 1) % 2]?.url ?? '',
      ...(index % 4 === 0 ? [cluster.sites[index % 2]?.url ?? ''] : []),
    ];
    const shown = await Promise.all(sent.map((url) => send(url, form, name)));
    expect(new Set(shown).size).toBe(1);
    references.push(shown[0] ?? '');
  }
  await allDelivered(references);
  expect(await count('consultation_requests')).toBe(references.length);
  await expect
    .poll(() => count('consultation_requests WHERE mailed_at IS NULL'), { timeout: 60_000 })
    .toBe(0);
  const told = cluster.mails.map((subject) => subject.split(' ').at(-1) ?? '');
  expect(told.toSorted()).toEqual(references.toSorted());
  for (const { url } of cluster.sites) {
    const status = await cluster.status({ url } as Member);
    expect(status.failure).toBeNull();
  }
});

test('what was kept long enough is deleted once, also when both replicas start at it', async () => {
  const rows = await cluster.query(
    `UPDATE consultation_requests SET stage = 'closed', closed_at = now() - interval '1 year'
     WHERE id IN (SELECT id FROM consultation_requests ORDER BY id LIMIT 8) RETURNING reference`,
  );
  await Promise.all(cluster.cms.map((each) => each.kill()));
  await Promise.all(cluster.cms.map((each) => each.start()));
  await expect.poll(() => count(`consultation_requests WHERE stage = 'closed'`), { timeout: 30_000 }).toBe(0);
  const audits = await cluster.query(`SELECT "references" FROM request_audits WHERE action = 'expired'`);
  const named = audits.flatMap((audit) => audit['references'] as string[]);
  expect(named.toSorted()).toEqual(rows.map(({ reference }) => String(reference)).toSorted());
  expect(await count('request_tombstones')).toBe(rows.length);
});

test('any process can be killed: everything goes on, nothing is lost, and all is as it should be after its restart', async () => {
  const id = await article('changes');
  const address = '/articles/changes/';
  const accepted: string[] = [];
  const went = { reads: 0, failedReads: 0, publishes: 0, refused: 0, requests: 0, failedRequests: 0 };
  const back: string[] = [];
  let words = '';
  let running = true;

  /** Publishes other words until somebody says that they are published. */
  const publish = async (): Promise<void> => {
    const summary = `Words ${randomBytes(4).toString('hex')}.`;
    for (;;) {
      const answer = await admin('POST', `${ARTICLE}/${id}/actions/publish`, { summary }).catch(() => null);
      if (answer?.status === 200) break;
      went.refused += 1;
      await sleep(100);
    }
    went.publishes += 1;
    words = summary;
  };
  const isLive = async (site: Member): Promise<boolean> =>
    fetch(`${site.url}${address}`).then(
      async (answer) => (await answer.text()).includes(words),
      () => false,
    );
  const read = async (): Promise<void> => {
    while (running) {
      went.reads += 1;
      const ok = await fetch(`${cluster.front.site}${patientsRead}`, {
        headers: { connection: 'close' },
      }).then(
        async (answer) => answer.ok && (await answer.text()).endsWith('</html>'),
        () => false,
      );
      if (!ok) went.failedReads += 1;
      await sleep(50);
    }
  };
  const ask = async (): Promise<void> => {
    while (running) {
      const form = await openForm(cluster.front.site).catch(() => null);
      await sleep(3_100);
      if (form === null) continue;
      // As a patient would: what got no answer is sent again.
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const reference = await send(cluster.front.site, form, 'Kim Killed');
        if (reference !== null) {
          accepted.push(reference);
          break;
        }
        went.failedRequests += 1;
        await sleep(250);
      }
      went.requests += 1;
    }
  };
  /** Watches whether anybody ever tells of an older revision than before. */
  const watch = async (name: string, look: () => Promise<number | null>): Promise<void> => {
    let highest = 0;
    while (running) {
      const revision = await look().catch(() => null);
      if (revision !== null && revision < highest) back.push(`${name}: ${highest}, then ${revision}`);
      highest = Math.max(highest, revision ?? 0);
      await sleep(100);
    }
  };
  await publish();
  const background = [
    read(),
    ask(),
    ask(),
    ...[...cluster.cms, { name: 'the balancer', url: cluster.front.cms }].map(({ name, url }) =>
      watch(name, () => cluster.revision(url)),
    ),
    ...cluster.sites.map((each) =>
      watch(each.name, async () => (await cluster.status(each)).live?.revision ?? null),
    ),
  ];

  for (let round = 0; round < 5; round += 1) {
    for (const member of [...cluster.cms, ...cluster.sites]) {
      // While the publish is under way, or afterwards, while its build or a delivery is.
      const underWay = publish();
      await sleep(Math.random() * (round % 2 === 0 ? 200 : 2_000));
      await member.kill();
      await underWay;
      await publish();
      const others = cluster.sites.filter((each) => each !== member);
      const died = performance.now();
      await expect
        .poll(async () => (await Promise.all(others.map(isLive))).every(Boolean), {
          timeout: 60_000,
          interval: 100,
        })
        .toBe(true);
      const live = performance.now() - died;
      await member.start();
      const started = performance.now();
      await cluster.settle();
      expect(await Promise.all(cluster.sites.map(isLive))).toEqual([true, true]);
      console.log(
        `${member.name} killed: the next publish live after ${(live / 1000).toFixed(1)} s, all alike ${((performance.now() - started) / 1000).toFixed(1)} s after its restart`,
      );
    }
  }
  running = false;
  await Promise.all(background);
  console.log(JSON.stringify({ ...went, accepted: accepted.length }));

  expect(back).toEqual([]);
  // What was under way at a site server that was killed, and nothing else: one reader, ten kills.
  expect(went.failedReads).toBeLessThanOrEqual(10);
  await allDelivered(accepted);
  expect(new Set(accepted).size).toBe(accepted.length);
  const twice = await cluster.query(
    'SELECT idempotency_key FROM consultation_requests GROUP BY 1 HAVING count(*) > 1',
  );
  expect(twice).toEqual([]);
  await cluster.settle();
  const [first, second] = [await liveFiles(cluster.sites[0]), await liveFiles(cluster.sites[1])];
  expect(first).toEqual(second);
  const cms = { url: cluster.front.cms, settings: cluster.settings } as Parameters<
    typeof cleanBuild
  >[0]['cms'];
  expect({ files: first }).toEqual(await cleanBuild({ cms }));
});
