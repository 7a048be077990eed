import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { freshSettings, removeData, startCms, type Cms, type Settings } from '../cms.ts';
import { startPostgres } from '../databases.ts';
import { call, logInOwner } from '../people.ts';
import { handOver } from './desk.ts';
import { holdsCanary, requestSample } from './samples.ts';

/** A real mail server that keeps what it is sent, or refuses the recipient. */
async function startMailServer(port: number, refuses = false) {
  const mails: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onRcptTo: (_address, _session, done) => done(refuses ? new Error('Mailbox unavailable') : null),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        // Long lines come broken in two.
        mails.push(Buffer.concat(chunks).toString('utf8').replaceAll('=\r\n', ''));
        done();
      });
    },
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(resolve);
    });
  return { mails, stop };
}

function mailSettings(port: number): Settings {
  return {
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(port),
    SMTP_FROM: 'site@clinic.example',
    FRONT_DESK_EMAIL: 'desk@clinic.example',
  };
}

describe('the e-mail to the front desk', () => {
  let settings: Settings;
  let cms: Cms;
  let owner: string;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    settings = await freshSettings(mailSettings(port));
    cms = await startCms(settings);
    owner = await logInOwner(cms);
  });
  afterAll(async () => {
    await cms.stop();
    await removeData(settings);
  });

  /** Lets the time of waiting pass at once. */
  const hurry = (): void => {
    const file = new DatabaseSync(join(settings['DATA_DIR'] ?? '', 'cms.sqlite'), { timeout: 10_000 });
    file.exec(
      'PRAGMA busy_timeout = 5000; UPDATE consultation_requests SET mail_due_at = 0 WHERE mailed_at IS NULL AND mail_due_at IS NOT NULL',
    );
    file.close();
  };
  const failure = async (): Promise<string | null> => {
    const { body } = await call(cms, 'GET', '/requests', owner);
    return (body as { mail: { failure: string | null } }).mail.failure;
  };
  const becomes = async (pattern: RegExp | null): Promise<void> => {
    await expect
      .poll(
        async () => {
          const said = await failure();
          return pattern === null ? said === null : said !== null && pattern.test(said);
        },
        { timeout: 40_000, interval: 250 },
      )
      .toBe(true);
  };

  it('is sent once a mail server that hangs, is down, or refuses, takes it at last; the request waits for nothing', async () => {
    const data = requestSample();
    const hanging = createServer(() => undefined).listen(port, '127.0.0.1');
    await once(hanging, 'listening');
    const accepted = await handOver(cms, data);
    expect(accepted.status).toBe(201);
    await becomes(/ETIMEDOUT|ECONNECTION|no answer/);
    hanging.close();

    hurry();
    await becomes(/ECONNREFUSED|ESOCKET|ECONNECTION/);

    const refusing = await startMailServer(port, true);
    hurry();
    await becomes(/550/);
    await refusing.stop();

    const willing = await startMailServer(port);
    hurry();
    await becomes(null);
    await willing.stop();
    expect(willing.mails).toHaveLength(1);
    const [mail = ''] = willing.mails;
    expect(mail).toContain(`Subject: New consultation request ${data.reference}`);
    expect(mail).toContain('To: desk@clinic.example');
    expect(mail).toContain('/admin/content-manager/collection-types/');
    expect(holdsCanary(mail)).toBe(false);
    expect(cms.output()).toContain(`The e-mail about request ${data.reference} could not be sent`);
    expect(holdsCanary(cms.output())).toBe(false);
  });

  it('is not sent for a suspected robot', async () => {
    const server = await startMailServer(port);
    await handOver(cms, requestSample({ suspectedSpam: true }));
    const data = requestSample();
    await handOver(cms, data);
    await expect.poll(() => server.mails.length, { timeout: 20_000 }).toBe(1);
    await server.stop();
    expect(server.mails[0]).toContain(data.reference);
  });
});

it('two replicas send one e-mail for each request', async () => {
  const postgres = await startPostgres();
  const port = await freePort();
  const settings = await freshSettings({
    ...mailSettings(port),
    DATABASE_URL: await postgres.createDatabase('mails'),
  });
  const replicas = await Promise.all([
    startCms(settings),
    startCms({ ...settings, CMS_PORT: String(await freePort()) }),
  ]);
  const server = await startMailServer(port);
  const sent = Array.from({ length: 10 }, () => requestSample());
  await Promise.all(
    sent.map(async (data, index) => {
      const cms = replicas[index % 2];
      if (cms !== undefined) expect((await handOver(cms, data)).status).toBe(201);
    }),
  );
  await expect.poll(() => server.mails.length, { timeout: 30_000 }).toBe(10);
  await Promise.all(replicas.map((cms) => cms.stop()));
  await server.stop();
  for (const { reference } of sent) {
    expect(server.mails.filter((mail) => mail.includes(reference))).toHaveLength(1);
  }
  await postgres.stop();
  await removeData(settings);
});
