import { randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { freshSettings, removeData, runCms, startCms, type Cms, type Settings } from '../cms.ts';
import { startPostgres, type Postgres } from '../databases.ts';
import { call, principals, type Principals } from '../people.ts';
import { startSiteServer, type SiteServer } from '../site-server.ts';
import { find, findOne, handOver, INBOX } from './desk.ts';
import { CANARY, holdsCanary, requestSample } from './samples.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

describe.each(['SQLite', 'Postgres'])('the inbox on %s', (database) => {
  let settings: Settings;
  let cms: Cms;
  let site: SiteServer;
  let people: Principals;
  let desk: string;
  let owner: string;
  let output = '';
  const answers: string[] = [];

  const killAndStart = async (): Promise<void> => {
    await cms.kill();
    output += cms.output();
    cms = await startCms(settings);
  };
  const statement = async (sql: string): Promise<Record<string, unknown>[]> => {
    if (database === 'Postgres') return postgres.query('inbox', sql);
    const file = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'), { timeout: 10_000 });
    try {
      return file.prepare(sql).all();
    } finally {
      file.close();
    }
  };
  const count = async (where: string): Promise<number> =>
    Number((await statement(`SELECT count(*) AS n FROM consultation_requests WHERE ${where}`))[0]?.['n']);

  beforeAll(async () => {
    const url = database === 'Postgres' ? { DATABASE_URL: await postgres.createDatabase('inbox') } : {};
    site = await startSiteServer();
    settings = await freshSettings({ ...url, SITE_SERVERS: site.url });
    cms = await startCms(settings);
    people = await principals(cms);
    desk = people['Front desk'] ?? '';
    owner = people['Super Admin'] ?? '';
  });
  afterAll(async () => {
    await cms.stop();
    await site.stop();
    await removeData(settings);
  });

  describe('the intake', () => {
    it('stores a request once and answers its reference, the first time and every other', async () => {
      const data = requestSample();
      const key = randomUUID();
      expect(await handOver(cms, data, key)).toEqual({
        status: 201,
        text: JSON.stringify({ reference: data.reference }),
      });
      expect(await handOver(cms, data, key)).toEqual({
        status: 200,
        text: JSON.stringify({ reference: data.reference }),
      });
      expect(await find(cms, desk, data.reference)).toHaveLength(1);
    });

    it('takes a form that was sent twice, by way of two site servers, for one request', async () => {
      const data = requestSample();
      const key = randomUUID();
      await handOver(cms, data, key);
      const later = { ...data, receivedAt: '2026-11-20T17:00:09.000Z', dueAt: null, suspectedSpam: true };
      expect((await handOver(cms, later, key)).status).toBe(200);
      expect(await findOne(cms, desk, data)).toMatchObject({ stage: 'new', suspectedSpam: false });
    });

    it('stores one of thirty deliveries that arrive at the same moment', async () => {
      const data = requestSample();
      const key = randomUUID();
      const all = await Promise.all(Array.from({ length: 30 }, () => handOver(cms, data, key)));
      expect(all.map(({ status }) => status).sort()).toEqual([...Array<number>(29).fill(200), 201]);
      expect(await count(`reference = '${data.reference}'`)).toBe(1);
    });

    it('refuses another body with the same key, and keeps the first', async () => {
      const data = requestSample();
      const key = randomUUID();
      await handOver(cms, data, key);
      const second = await handOver(cms, { ...data, message: `${CANARY.message} Twice.` }, key);
      expect(second.status).toBe(409);
      expect(second.text).toContain(data.reference);
      answers.push(second.text);
      expect((await findOne(cms, desk, data))['message']).toBe(CANARY.message);
    });

    it('loses no request of a second patient who was given the same reference', async () => {
      const data = requestSample();
      const answersOfBoth = [
        await handOver(cms, data),
        await handOver(cms, { ...data, name: 'Somebody Else' }),
      ];
      expect(answersOfBoth.map(({ status }) => status)).toEqual([201, 201]);
      expect(answersOfBoth[1]?.text).toBe(JSON.stringify({ reference: data.reference }));
      expect((await find(cms, desk, data.reference)).map(({ reference }) => reference).sort()).toEqual([
        data.reference,
        `${data.reference}-2`,
      ]);
    });

    it('refuses what is no request with 422, and says which field without its value', async () => {
      const { status, text } = await handOver(cms, { ...requestSample(), phone: CANARY.name });
      expect(status).toBe(422);
      expect(text).toContain('phone');
      answers.push(text);
    });

    it('refuses a broken body and one that is too large, and goes on', async () => {
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        authorization: people['intake token'] ?? '',
      };
      const address = `${cms.url}/api/consultation-requests/intake`;
      for (const [body, status] of [
        [`{"data":{"name":"${CANARY.name}"`, 400],
        [JSON.stringify({ data: CANARY.name.repeat(100_000) }), 413],
      ] as const) {
        const response = await fetch(address, { method: 'POST', headers, body });
        answers.push(await response.text());
        expect(response.status).toBe(status);
      }
      expect((await handOver(cms, requestSample())).status).toBe(201);
    });

    it.each(['build token', 'preview token', 'Front desk', 'Super Admin'])('refuses the %s', async (name) => {
      const { status } = await handOver(cms, requestSample(), randomUUID(), people[name] ?? '');
      expect([401, 403]).toContain(status);
    });

    it('keeps the name of the topic, whatever becomes of the topic, and names one that is gone', async () => {
      const made = await call(cms, 'POST', '/content-manager/collection-types/api::topic.topic', owner, {
        name: 'Stiff neck',
        slug: `stiff-neck-${database.toLowerCase()}`,
        kind: 'condition',
        summary: 'A summary.',
      });
      const topic = (made.body as { data: { documentId: string } }).data.documentId;
      const [known, unknown] = [requestSample({ topic }), requestSample({ topic: 'thereisnosuchtopic00' })];
      await handOver(cms, known);
      await handOver(cms, unknown);
      await call(cms, 'DELETE', `/content-manager/collection-types/api::topic.topic/${topic}`, owner);
      expect((await findOne(cms, desk, known))['topic']).toBe('Stiff neck');
      expect((await findOne(cms, desk, unknown))['topic']).toContain('No longer on the site');
    });

    it('keeps a suspected robot apart, marked as spam', async () => {
      const data = requestSample({ suspectedSpam: true });
      await handOver(cms, data);
      expect(await findOne(cms, desk, data)).toMatchObject({ stage: 'spam', suspectedSpam: true });
    });

    it('stores each acknowledged request once when the CMS is killed in the middle of a rush', async () => {
      const journal = Array.from({ length: 60 }, () => ({ data: requestSample(), key: randomUUID() }));
      const acknowledged = new Set<string>();
      const deliver = async ({ data, key }: (typeof journal)[number]): Promise<void> => {
        const answer = await handOver(cms, data, key).catch(() => ({ status: 0 }));
        if (answer.status === 200 || answer.status === 201) acknowledged.add(data.reference);
      };
      const rush = journal.map(async (item, index) => {
        await sleep(index * 8);
        await deliver(item);
      });
      await sleep(240);
      await killAndStart();
      await Promise.all(rush);
      const before = acknowledged.size;
      for (const item of journal) await deliver(item);
      expect(before).toBeLessThan(journal.length);
      expect(acknowledged.size).toBe(journal.length);
      const list = journal.map(({ data }) => `'${data.reference}'`).join(',');
      expect(await count(`reference IN (${list})`)).toBe(journal.length);
    });
  });

  describe('the front desk', () => {
    const edit = (documentId: string, data: unknown, person = desk) =>
      call(cms, 'PUT', `${INBOX}/${documentId}`, person, data);
    const panel = async (documentId: string) => {
      const { status, body, text } = await call(cms, 'GET', `/requests/${documentId}`, desk);
      expect(status, text).toBe(200);
      return body as {
        assignee: { name: string } | null;
        people: { id: number; name: string }[];
        history: { by: string; changes: { field: string; from: string | null; to: string | null }[] }[];
        duplicates: { reference: string }[];
      };
    };

    it('marks a request as contacted, and the history says who did', async () => {
      const data = requestSample();
      await handOver(cms, data);
      const { documentId } = await findOne(cms, desk, data);
      expect((await edit(documentId, { stage: 'contacted', notes: 'Called at noon.' })).status).toBe(200);
      expect((await panel(documentId)).history).toMatchObject([
        {
          by: 'Front desk Test',
          changes: [
            { field: 'stage', from: 'new', to: 'contacted' },
            { field: 'notes', from: null, to: 'Called at noon.' },
          ],
        },
      ]);
    });

    it('corrects contact details, but never to none, and the history keeps what the patient wrote', async () => {
      const data = requestSample();
      await handOver(cms, data);
      const { documentId } = await findOne(cms, desk, data);
      expect((await edit(documentId, { phone: '(310) 555-0199', name: 'Quill Feather' })).status).toBe(200);
      expect(await findOne(cms, desk, data)).toMatchObject({ phone: '+13105550199', name: 'Quill Feather' });
      expect((await panel(documentId)).history[0]?.changes).toContainEqual({
        field: 'name',
        from: CANARY.name,
        to: 'Quill Feather',
      });
      for (const wrong of [{ phone: '12' }, { name: ' ' }, { phone: null, email: '' }, { stage: 'lost' }]) {
        const { status, text } = await edit(documentId, wrong);
        expect(status, text).toBe(400);
      }
    });

    it.each(['Front desk', 'Super Admin'])('%s cannot change what the patient asked for', async (name) => {
      const data = requestSample();
      await handOver(cms, data);
      const { documentId } = await findOne(cms, desk, data);
      const forged = {
        message: 'Forged',
        reference: 'FORGED',
        topic: 'Forged',
        consent: false,
        receivedAt: '2020-01-01T00:00:00.000Z',
        idempotencyKey: 'forged',
        bodyHash: 'forged',
        closedAt: '2020-01-01T00:00:00.000Z',
      };
      await edit(documentId, { ...forged, notes: 'Honest' }, people[name] ?? '');
      const [row] = await statement(
        `SELECT message, reference, topic, idempotency_key, body_hash, closed_at, notes FROM consultation_requests WHERE document_id = '${documentId}'`,
      );
      expect(JSON.stringify(row)).not.toMatch(/forged/i);
      expect(row).toMatchObject({ message: CANARY.message, closed_at: null });
    });

    it('assigns a request to somebody who may see it, and to nobody else', async () => {
      const data = requestSample();
      await handOver(cms, data);
      const { documentId } = await findOne(cms, desk, data);
      const { people: deskPeople } = await panel(documentId);
      expect(deskPeople.map(({ name }) => name)).toEqual(['Clinic Owner', 'Front desk Test']);
      const assign = (assignee: unknown) =>
        call(cms, 'PUT', `/requests/${documentId}/assignee`, desk, { assignee });
      expect((await assign(deskPeople[1]?.id)).status).toBe(200);
      expect((await panel(documentId)).assignee?.name).toBe('Front desk Test');
      expect((await assign(999)).status).toBe(400);
      expect((await assign('1')).status).toBe(400);
      expect((await assign(null)).status).toBe(200);
      expect((await panel(documentId)).history[0]?.changes).toEqual([
        { field: 'assignee', from: 'Front desk Test', to: null },
      ]);
    });

    it('is shown others of the same phone or e-mail', async () => {
      const [first, second, third] = [
        requestSample({ phone: '+13105550101', email: 'twin@patient.example' }),
        requestSample({ phone: '+13105550101', email: null }),
        requestSample({ phone: null, email: 'TWIN@patient.example' }),
      ];
      for (const data of [first, second, third]) await handOver(cms, data);
      const { documentId } = await findOne(cms, desk, first);
      const { duplicates } = await panel(documentId);
      expect(duplicates.map(({ reference }) => reference).sort()).toEqual(
        [second.reference, third.reference].sort(),
      );
    });

    it('can neither delete nor make nor copy a request', async () => {
      const data = requestSample();
      await handOver(cms, data);
      const { documentId } = await findOne(cms, desk, data);
      expect((await call(cms, 'DELETE', `${INBOX}/${documentId}`, desk)).status).toBe(403);
      expect((await call(cms, 'POST', INBOX, desk, { name: 'x' })).status).toBe(403);
      expect((await call(cms, 'POST', `${INBOX}/clone/${documentId}`, desk, {})).status).toBe(403);
      const made = await call(cms, 'POST', INBOX, owner, { ...data, idempotencyKey: 'x', bodyHash: 'x' });
      expect(made.status, made.text).toBe(403);
      expect(await count(`idempotency_key = 'x'`)).toBe(0);
    });

    it('sees counts and the newest requests, those past their promise counted as overdue', async () => {
      const { status, body } = await call(cms, 'GET', '/requests', desk);
      expect(status).toBe(200);
      const summary = body as { new: number; overdue: number; spam: number; newest: unknown[] };
      expect(summary).toMatchObject({
        new: await count(`stage = 'new'`),
        spam: await count(`stage = 'spam'`),
      });
      expect(summary.overdue).toBe(summary.new);
      expect(summary.newest).toHaveLength(5);
    });

    it('is told what was set aside on its way, what waits, and that a site server says nothing', async () => {
      const onTheWay = async () =>
        ((await call(cms, 'GET', '/requests', desk)).body as { onTheWay: unknown }).onTheWay;
      const aside = {
        reference: 'KX7-4QM-R9T',
        reason: 'unreadable' as const,
        since: '2026-11-20T17:00:00.000Z',
      };
      site.requests = { ...site.requests, waiting: 2, oldestSince: aside.since, rejected: [aside] };
      expect(await onTheWay()).toEqual({
        silent: 0,
        waiting: { count: 2, since: aside.since },
        locked: 0,
        setAside: [aside],
      });
      site.refusal = 409;
      expect(await onTheWay()).toMatchObject({ silent: 1, setAside: [] });
      site.refusal = null;
    });

    it('writes history that nobody can change, by any route', async () => {
      for (const type of ['request-change', 'request-audit', 'request-tombstone']) {
        const path = `/content-manager/collection-types/api::consultation-request.${type}`;
        for (const person of [desk, owner]) {
          const made = await call(cms, 'POST', path, person, { by: 'Forged' });
          expect(made.status).toBeGreaterThanOrEqual(400);
          expect(made.status).toBeLessThan(500);
        }
      }
      expect(await statement(`SELECT * FROM request_changes WHERE "by" = 'Forged'`)).toEqual([]);
    });
  });

  describe('nobody else', () => {
    it.each(['Marketing', 'Clinical reviewer', 'build token', 'preview token', 'intake token', 'nobody'])(
      '%s is shown nothing of a request by any route',
      async (name) => {
        const data = requestSample();
        await handOver(cms, data);
        const { documentId } = await findOne(cms, desk, data);
        const person = people[name] ?? null;
        for (const [method, path] of [
          ['GET', INBOX],
          ['GET', `${INBOX}?_q=canaryzebra`],
          ['GET', `${INBOX}?filters[name][$startsWith]=Canary`],
          ['GET', `${INBOX}/${documentId}`],
          ['PUT', `${INBOX}/${documentId}`],
          ['DELETE', `${INBOX}/${documentId}`],
          ['GET', '/requests'],
          ['GET', `/requests/${documentId}`],
          ['PUT', `/requests/${documentId}/assignee`],
          ['GET', '/content-manager/homepage/recent-documents?action=update'],
          ['GET', '/api/consultation-requests'],
          ['GET', `/api/consultation-requests/${documentId}`],
          ['GET', '/api/articles?populate=*'],
          ['GET', `/api/articles?filters[createdBy][id]=1`],
          ['GET', `/content-manager/relations/api::consultation-request.consultation-request/assignee`],
        ] as const) {
          const { status, text } = await call(cms, method, path, person, method === 'PUT' ? {} : undefined);
          expect(holdsCanary(text), `${method} ${path}`).toBe(false);
          if (/inbox|requests|consultation/.test(path))
            expect(status, `${method} ${path}`).toBeGreaterThan(400);
        }
      },
    );
  });

  describe('what is kept, and for how long', () => {
    it('is deleted the set time after closing, spam after 14 days, leaving a line without a person', async () => {
      const [closed, recent, spam, open] = [1, 2, 3, 4].map(() => requestSample());
      for (const data of [closed, recent, spam, open]) await handOver(cms, data);
      const closings: string[] = [];
      const mark = async (data: typeof closed, stage: string, daysAgo: number): Promise<void> => {
        if (data === undefined) return;
        const { documentId } = await findOne(cms, desk, data);
        expect((await call(cms, 'PUT', `${INBOX}/${documentId}`, desk, { stage, notes: 'n' })).status).toBe(
          200,
        );
        const then = new Date(Date.now() - daysAgo * 86_400_000);
        const time = database === 'Postgres' ? `'${then.toISOString()}'` : String(then.getTime());
        closings.push(
          `UPDATE consultation_requests SET closed_at = ${time} WHERE document_id = '${documentId}'`,
        );
      };
      await mark(closed, 'closed', 91);
      await mark(recent, 'closed', 89);
      await mark(spam, 'spam', 15);
      await cms.stop();
      output += cms.output();
      for (const each of closings) await statement(each);
      const replica = database === 'Postgres' ? [{ ...settings, CMS_PORT: String(await freePort()) }] : [];
      const [first, ...others] = await Promise.all([settings, ...replica].map((each) => startCms(each)));
      if (first !== undefined) cms = first;
      const references = [closed?.reference, spam?.reference].sort();
      await expect
        .poll(() => count(`reference IN ('${references.join("','")}')`), { timeout: 20_000 })
        .toBe(0);
      for (const other of others) await other.stop();
      expect(await count(`reference IN ('${recent?.reference ?? ''}', '${open?.reference ?? ''}')`)).toBe(2);
      const lines = await statement(`SELECT * FROM request_audits WHERE action = 'expired'`);
      expect(lines).toHaveLength(1);
      expect(lines[0]?.['count']).toBe(2);
      for (const reference of references) expect(JSON.stringify(lines[0])).toContain(reference);
      expect(holdsCanary(JSON.stringify(lines))).toBe(false);
      expect(
        await statement(
          `SELECT * FROM request_changes WHERE request NOT IN (SELECT document_id FROM consultation_requests)`,
        ),
      ).toEqual([]);
    });

    it.runIf(database === 'SQLite')(
      'is erased by a command beside the running CMS, and a late delivery brings nothing back',
      async () => {
        const [stored, spooled] = [requestSample(), requestSample()];
        const keys = [randomUUID(), randomUUID()] as const;
        await handOver(cms, stored, keys[0]);
        const { documentId } = await findOne(cms, desk, stored);
        await call(cms, 'PUT', `${INBOX}/${documentId}`, desk, { notes: CANARY.message });
        for (const { reference } of [stored, spooled]) {
          const { code, output: said } = await runCms('requests', settings, 'erase', reference.toLowerCase());
          expect(code, said).toBe(0);
          expect(said).toContain(reference);
          answers.push(said);
        }
        for (const [data, key] of [
          [stored, keys[0]],
          [spooled, keys[1]],
        ] as const) {
          expect(await handOver(cms, data, key)).toEqual({
            status: 200,
            text: JSON.stringify({ reference: data.reference }),
          });
          expect(await count(`reference = '${data.reference}'`)).toBe(0);
          const lines = await statement(`SELECT * FROM request_audits WHERE action = 'erased'`);
          expect(JSON.stringify(lines)).toContain(data.reference);
          expect(holdsCanary(JSON.stringify(lines))).toBe(false);
        }
        expect(await statement(`SELECT * FROM request_changes WHERE request = '${documentId}'`)).toEqual([]);
        const later = { ...spooled, receivedAt: new Date(Date.now() + 60_000).toISOString() };
        expect((await handOver(cms, later)).status).toBe(201);
      },
    );

    it('is remembered as erased by every replica, on the disk of each and beside its backups', async () => {
      const now = database === 'Postgres' ? 'now()' : String(Date.now());
      const folder = settings['DATA_DIR'] ?? '';
      const files = [join(folder, 'erasures.txt'), join(folder, 'backups/erasures.txt')];
      const erased: string[] = [];
      // The first is the second request of one reference. What is noted is looked at again beside the next, and not repeated.
      // The last is of a clean-up that began before the others and ended after them.
      for (const [reference, id] of [
        [`${requestSample().reference}-2`, 5000],
        [requestSample().reference, 5001],
        [requestSample().reference, 4501],
      ] as const) {
        erased.push(reference);
        // As another replica does, whose disk may be thrown away.
        await statement(
          `INSERT INTO request_tombstones (id, document_id, reference, at, published_at) VALUES (${String(id)}, '${reference}', '${reference}', ${now}, ${now})`,
        );
        for (const file of files) {
          const noted = async () =>
            (await readFile(file, 'utf8').catch(() => ''))
              .split('\n')
              .filter((line) => erased.includes(line));
          await expect.poll(noted, { timeout: 20_000 }).toEqual(erased);
        }
      }
    });

    it('can be deleted by the owner in the admin, which leaves its line and its tombstone', async () => {
      const data = requestSample();
      const key = randomUUID();
      await handOver(cms, data, key);
      const { documentId } = await findOne(cms, desk, data);
      expect((await call(cms, 'DELETE', `${INBOX}/${documentId}`, owner)).status).toBe(200);
      expect((await handOver(cms, data, key)).status).toBe(200);
      expect(await count(`reference = '${data.reference}'`)).toBe(0);
      const [line] = await statement(`SELECT * FROM request_audits WHERE action = 'deleted'`);
      expect(line).toMatchObject({ by: 'Clinic Owner', count: 1 });
    });

    it.runIf(database === 'SQLite')(
      'is exported to a file that its owner alone may read, with an audit line',
      async () => {
        const file = join(settings['DATA_DIR'] ?? '', 'export.csv');
        await handOver(cms, requestSample({ name: '=1+1' }));
        const run = await runCms('requests', settings, 'export', '--out', file);
        expect(run.code, run.output).toBe(0);
        answers.push(run.output);
        const csv = await readFile(file, 'utf8');
        expect(csv).toContain(`'=1+1`);
        expect(csv).toContain(CANARY.name);
        expect((await stat(file)).mode & 0o777).toBe(0o600);
        const again = await runCms('requests', settings, 'export', '--out', file);
        expect(again.code).toBe(1);
        expect(again.output).toContain('Name a file that does not exist yet');
        expect(await statement(`SELECT * FROM request_audits WHERE action = 'exported'`)).toHaveLength(1);
        await rm(file);
      },
    );
  });

  if (database === 'SQLite') {
    it('waits for a database that is locked, and fails cleanly when it stays locked', async () => {
      const file = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'), { timeout: 10_000 });
      const [short, long] = [requestSample(), requestSample()];
      const keys = [randomUUID(), randomUUID()] as const;
      file.exec('BEGIN IMMEDIATE');
      const waiting = handOver(cms, short, keys[0]);
      await sleep(2500);
      file.exec('COMMIT');
      expect((await waiting).status).toBe(201);
      file.exec('BEGIN IMMEDIATE');
      const failing = await handOver(cms, long, keys[1]);
      file.exec('COMMIT');
      file.close();
      expect(failing.status).toBe(500);
      answers.push(failing.text);
      expect((await handOver(cms, long, keys[1])).status).toBe(201);
    });
  }

  it('answers a failing database without anything personal, also in the log', async () => {
    await statement(
      database === 'Postgres'
        ? 'ALTER TABLE consultation_requests ADD CONSTRAINT broken CHECK (name IS NULL) NOT VALID'
        : `CREATE TRIGGER broken BEFORE INSERT ON consultation_requests BEGIN SELECT RAISE(ABORT, 'broken'); END`,
    );
    const { status, text } = await handOver(cms, requestSample());
    await statement(
      database === 'Postgres'
        ? 'ALTER TABLE consultation_requests DROP CONSTRAINT broken'
        : 'DROP TRIGGER broken',
    );
    expect(status).toBe(500);
    answers.push(text);
    expect((await handOver(cms, requestSample())).status).toBe(201);
  });

  it('has said nothing of a patient in any log, error or command', () => {
    const said = [output, cms.output(), ...answers].join('\n');
    expect(said).toContain('POST /api/consultation-requests/intake');
    expect(holdsCanary(said)).toBe(false);
  });
});
