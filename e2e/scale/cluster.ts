import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { type Cms, freshSettings, removeData, type Settings, startCms } from '../../cms/test/cms.ts';
import { startPostgres } from '../../cms/test/databases.ts';
import { type Store, startStore } from '../../cms/test/s3.ts';
import { freePort } from '../../scripts/free-port.ts';
import { type Message, messagesPath, type Status, statusSchema } from '../../shared-types/src/index.ts';
import { signatureHeaders } from '../../site/server/publishing/signatures.ts';
import { runProgram } from '../../site/server/test/programs.ts';
import { type Balancer, startBalancer } from './balancer.ts';

/** A process of the cluster, which can be ended as a power cut would, and started again. */
export interface Member {
  name: string;
  url: string;
  dataDir: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

/** Two CMS replicas on one Postgres and one bucket, and two site servers, each pair behind a load balancer. */
export interface Cluster {
  cms: readonly [Member, Member];
  sites: readonly [Member, Member];
  /** Where the site servers find the CMS, and where patients find the site. */
  front: { cms: string; site: string };
  settings: Settings;
  store: Store;
  /** Subjects of the e-mails that were sent. */
  mails: string[];
  query(statement: string): Promise<Record<string, unknown>[]>;
  status(site: Member): Promise<Status>;
  /** The latest revision, as one of the replicas or the balancer says. */
  revision(url: string): Promise<number>;
  /** Waits until both site servers show the latest revision. */
  settle(): Promise<number>;
  stop(): Promise<void>;
}

const database = 'cluster';
const siteServer = resolve(import.meta.dirname, '../../site/server/main.ts');
const settlesWithin = 240_000;

/** Makes everything but the processes, which are still to be started. */
export async function makeCluster(): Promise<Cluster> {
  const [postgres, store, mail] = await Promise.all([startPostgres(), startStore(), startMailServer()]);
  const [one, other, siteOne, siteOther] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const [cmsFront, siteFront] = await Promise.all([
    startBalancer([one, other]),
    startBalancer([siteOne, siteOther]),
  ]);
  const settings = await freshSettings({
    ...store.settings,
    DATABASE_URL: await postgres.createDatabase(database),
    SITE_SERVERS: `http://127.0.0.1:${siteOne},http://127.0.0.1:${siteOther}`,
    SITE_URL: 'https://clinic.example',
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: String(mail.port),
    SMTP_FROM: 'site@clinic.example',
    FRONT_DESK_EMAIL: 'desk@clinic.example',
    SPOOL_KEY: randomBytes(32).toString('hex'),
    CHECK_EXTERNAL_LINKS: 'off',
  });
  const cms = [
    await replica('the first CMS', settings, one),
    await replica('the second CMS', settings, other),
  ] as const;
  const sites = [
    await site('the first site server', settings, cmsFront, siteOne),
    await site('the second site server', settings, cmsFront, siteOther),
  ] as const;

  const cluster: Cluster = {
    cms,
    sites,
    front: { cms: cmsFront.url, site: siteFront.url },
    settings,
    store,
    mails: mail.subjects,
    query: (statement) => postgres.query(database, statement),
    async status({ url }) {
      const body = JSON.stringify({ type: 'release.status', data: {} } satisfies Message);
      const headers = signatureHeaders(settings['WEBHOOK_SECRET'] ?? '', body);
      const answer = await fetch(`${url}${messagesPath}`, { method: 'POST', headers, body });
      return statusSchema.parse(await answer.json());
    },
    async revision(url) {
      const authorization = `Bearer ${settings['CMS_BUILD_TOKEN'] ?? ''}`;
      const answer = await fetch(`${url}/api/changes?since=999999999999`, { headers: { authorization } });
      return ((await answer.json()) as { meta: { revision: number } }).meta.revision;
    },
    async settle() {
      const wanted = await cluster.revision(cmsFront.url);
      const deadline = Date.now() + settlesWithin;
      for (const each of sites) {
        for (;;) {
          const status = await cluster.status(each).catch(() => null);
          if (status?.state === 'idle' && (status.live?.revision ?? -1) >= wanted) break;
          if (Date.now() > deadline) {
            throw new Error(`${each.name} did not settle at ${wanted}: ${JSON.stringify(status)}`);
          }
          await sleep(200);
        }
      }
      return wanted;
    },
    async stop() {
      await Promise.all([...cms, ...sites].map((each) => each.kill()));
      await Promise.all([cmsFront.stop(), siteFront.stop(), mail.stop()]);
      await store.remove();
      await postgres.stop();
      await removeData(settings);
      for (const { dataDir } of [...cms, ...sites]) {
        await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
  return cluster;
}

async function replica(name: string, settings: Settings, port: number): Promise<Member> {
  const dataDir = await mkdtemp(join(tmpdir(), 'meridian-replica-'));
  let running: Cms | null = null;
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    dataDir,
    async start() {
      running = await startCms({ ...settings, DATA_DIR: dataDir, CMS_PORT: String(port) });
    },
    async kill() {
      await running?.kill();
    },
  };
}

async function site(name: string, settings: Settings, front: Balancer, port: number): Promise<Member> {
  const dataDir = await mkdtemp(join(tmpdir(), 'meridian-site-'));
  const url = `http://127.0.0.1:${port}`;
  let running: ReturnType<typeof runProgram> | null = null;
  return {
    name,
    url,
    dataDir,
    async start() {
      running = runProgram(process.execPath, [siteServer], {
        CMS_URL: front.url,
        CMS_BUILD_TOKEN: settings['CMS_BUILD_TOKEN'] ?? '',
        CMS_INTAKE_TOKEN: settings['CMS_INTAKE_TOKEN'] ?? '',
        WEBHOOK_SECRET: settings['WEBHOOK_SECRET'] ?? '',
        SPOOL_KEY: settings['SPOOL_KEY'] ?? '',
        SITE_URL: settings['SITE_URL'] ?? '',
        SITE_PORT: String(port),
        TRUST_PROXY: '1',
        DATA_DIR: dataDir,
        RECONCILE_SECONDS: '1',
      });
      const program = running;
      while (
        !(await fetch(`${url}/healthz`).then(
          ({ ok }) => ok,
          () => false,
        ))
      ) {
        if (program.child.exitCode !== null) throw new Error(`${name} ended:\n${program.output()}`);
        await sleep(50);
      }
    },
    async kill() {
      await running?.kill();
    },
  };
}

async function startMailServer() {
  const port = await freePort();
  const subjects: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        subjects.push(/^Subject: (.*)$/m.exec(Buffer.concat(chunks).toString())?.[1] ?? '');
        done();
      });
    },
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const stop = () =>
    new Promise<void>((done) => {
      server.close(done);
    });
  return { port, subjects, stop };
}
