import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { expect } from 'vitest';
import { type Cms, freshSettings, removeData, startCms } from '../../cms/test/cms.ts';
import { call, logInOwner } from '../../cms/test/people.ts';
import { freePort } from '../../scripts/free-port.ts';
import { type Message, messagesPath, type Status, statusSchema } from '../../shared-types/src/index.ts';
import { signatureHeaders } from '../../site/server/publishing/signatures.ts';
import { hashOf } from '../../site/server/release/dist.ts';
import { contentFile, readFiles } from '../../site/server/release/manifest.ts';
import { liveId } from '../../site/server/release/store.ts';
import { runProgram } from '../../site/server/test/programs.ts';
import { scriptsFile } from '../../site/src/integrations/own-scripts.ts';
import { buildSite } from '../../site/test/site-build.ts';
import { type Line, openLine } from './line.ts';

/** A real CMS on SQLite and a real site server, with lines between them on which messages may get lost. */
export interface Clinic {
  cms: Cms;
  siteUrl: string;
  dataDir: string;
  /** What the CMS tells the site server. */
  news: Line;
  /** What the site server asks the CMS for. */
  pulls: Line;
  /** Asks the admin's API in the name of the owner. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Writes over the REST API with a token that may do everything: it publishes at once. */
  write(method: string, path: string, data: unknown): Promise<Answer>;
  /** Sends a picture of one colour to the media library, in the place of another one if `id` is given. */
  upload(colour: number, alternativeText: string, id?: number): Promise<Answer>;
  /** Gives a picture another alternative text. */
  describe(id: number, alternativeText: string): Promise<Answer>;
  /** Runs what is planned as if its time had come. */
  runDue(): Promise<void>;
  tell(message: Message): Promise<Status>;
  latestRevision(): Promise<number>;
  /** Waits until the site server has nothing more to do by itself, lets collapses go live, and gives its state. */
  settle(): Promise<Status>;
  killSite(): Promise<void>;
  startSite(): void;
  killCms(): Promise<void>;
  startCms(): Promise<void>;
  siteOutput(): string;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  body: unknown;
  text: string;
}

const settlesWithin = 180_000;
const siteServer = resolve(import.meta.dirname, '../../site/server/main.ts');
/** Where patients would reach the site; builds beside the server's have the same one. */
const publicUrl = 'https://clinic.example';

const telephone = '(310) 555-0123';
const singles = {
  clinic: { name: 'Harbor Spine Clinic', telephone, timeZone: 'America/Los_Angeles' },
  navigation: { header: [{ label: 'Articles', url: '/articles/' }] },
  'home-page': { title: 'A clinic by the harbor', summary: 'What it does.' },
  'consultation-page': { title: 'Consultation', summary: 'How to ask for one.' },
};

/** Starts both on fresh data with the four single types published, and waits for the first release. */
export async function startClinic(): Promise<Clinic> {
  const news = await openLine();
  const pulls = await openLine();
  const sitePort = await freePort();
  const settings = await freshSettings({ SITE_SERVERS: news.url, SITE_URL: publicUrl });
  const dataDir = await mkdtemp(join(tmpdir(), 'meridian-site-'));
  const siteUrl = `http://127.0.0.1:${sitePort}`;
  let cms = await startCms(settings, 'steered');
  let owner = await logInOwner(cms);
  let site: ReturnType<typeof runProgram>;
  news.target = siteUrl;
  pulls.target = cms.url;

  const build = `Bearer ${settings['CMS_BUILD_TOKEN'] ?? ''}`;
  const admin: Clinic['admin'] = (method, path, body) => call(cms, method, path, owner, body);
  for (const [type, data] of Object.entries(singles)) {
    const path = `/content-manager/single-types/api::${type}.${type}/actions/publish`;
    const { status, text } = await admin('POST', path, data);
    expect(status, text).toBe(200);
  }
  const sendFile = async (
    form: FormData,
    alternativeText: string,
    id: number | undefined,
  ): Promise<Answer> => {
    form.append('fileInfo', JSON.stringify({ alternativeText }));
    const response = await fetch(`${cms.url}/upload${id === undefined ? '' : `?id=${id}`}`, {
      method: 'POST',
      headers: { authorization: owner },
      body: form,
    });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text) as unknown, text };
  };
  const token = await admin('POST', '/admin/api-tokens', {
    name: 'Writes',
    description: '',
    type: 'full-access',
    lifespan: null,
  });
  expect(token.status, token.text).toBe(201);
  const { accessKey } = (token.body as { data: { accessKey: string } }).data;

  const clinic: Clinic = {
    get cms() {
      return cms;
    },
    siteUrl,
    dataDir,
    news,
    pulls,
    admin,
    write: (method, path, data) => call(cms, method, `/api/${path}`, `Bearer ${accessKey}`, { data }),
    async upload(colour, alternativeText, id) {
      const background = { r: colour % 256, g: (colour * 7) % 256, b: (colour * 31) % 256 };
      const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background } })
        .png()
        .toBuffer();
      const form = new FormData();
      form.append(
        'files',
        new Blob([new Uint8Array(picture)], { type: 'image/png' }),
        `picture-${colour}.png`,
      );
      return sendFile(form, alternativeText, id);
    },
    describe: (id, alternativeText) => sendFile(new FormData(), alternativeText, id),
    runDue: () => cms.runDue(new Date('2100-01-01')),
    async tell(message) {
      const body = JSON.stringify(message);
      const headers = signatureHeaders(settings['WEBHOOK_SECRET'] ?? '', body);
      const answer = await fetch(`${siteUrl}${messagesPath}`, { method: 'POST', headers, body });
      return statusSchema.parse(await answer.json());
    },
    async latestRevision() {
      const { body } = await call(cms, 'GET', `/api/changes?since=999999999999`, build);
      return (body as { meta: { revision: number } }).meta.revision;
    },
    async settle() {
      const wanted = await clinic.latestRevision();
      const deadline = Date.now() + settlesWithin;
      for (;;) {
        const status = await clinic.tell({ type: 'release.status', data: {} }).catch(() => null);
        if (status?.state === 'waiting-for-approval' && status.approval?.revision === wanted) {
          await clinic.tell({ type: 'release.approve', data: { id: status.approval.id, by: 'A test' } });
        } else if (status !== null && hasSettled(status, wanted)) {
          return status;
        }
        if (Date.now() > deadline) {
          throw new Error(`The site did not settle at revision ${wanted}: ${JSON.stringify(status)}`);
        }
        await sleep(100);
      }
    },
    startSite() {
      site = runProgram(process.execPath, [siteServer], {
        CMS_URL: pulls.url,
        CMS_BUILD_TOKEN: settings['CMS_BUILD_TOKEN'] ?? '',
        WEBHOOK_SECRET: settings['WEBHOOK_SECRET'] ?? '',
        SITE_URL: publicUrl,
        SITE_PORT: String(sitePort),
        DATA_DIR: dataDir,
        RECONCILE_SECONDS: '1',
        ACCEPT_EMPTY_CONTENT: 'true',
      });
    },
    killSite: () => site.kill(),
    killCms: () => cms.kill(),
    async startCms() {
      cms = await startCms(settings, 'steered');
      owner = await logInOwner(cms);
    },
    siteOutput: () => site.output(),
    async stop() {
      await site.kill();
      await cms.kill();
      await Promise.all([news.stop(), pulls.stop()]);
      await removeData(settings);
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  clinic.startSite();
  await clinic.settle();
  return clinic;
}

/** Whether nothing more happens before the content changes. */
function hasSettled({ state, live, wanted, failure }: Status, revision: number): boolean {
  if (state === 'idle') return live?.revision === revision;
  return state === 'failed' && failure?.retrying === false && wanted === revision;
}

/**
 * Builds what the database holds in a folder of its own, with nothing known from before.
 *
 * @returns hash and text of every file that patients could ask for; or the faults for which there can be no build
 */
export async function cleanBuild({
  cms,
}: Pick<Clinic, 'cms'>): Promise<{ files: Record<string, string> } | { faults: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-clean-'));
  try {
    const dist = join(folder, 'dist');
    const token = cms.settings['CMS_BUILD_TOKEN'] ?? '';
    const { code, output } = await buildSite({ url: cms.url, token }, join(folder, 'data'), dist);
    if (code !== 0) return { faults: output };
    return { files: await filesIn(dist, (path) => path !== contentFile && path !== scriptsFile) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** As `cleanBuild`, of the live release, which has to be whole. */
export async function liveFiles({ dataDir }: Pick<Clinic, 'dataDir'>): Promise<Record<string, string>> {
  const release = join(dataDir, 'releases', (await liveId(join(dataDir, 'releases'))) ?? '');
  const listed = Object.entries((await readFiles(release)).files).map(([path, { hash }]) => [path, hash]);
  const found = await filesIn(join(release, 'public'), (path) => !/\.(br|gz)$/.test(path));
  const hashes = Object.entries(found).map(([path, text]) => [path, text.split('\n')[0]]);
  expect(Object.fromEntries(hashes)).toEqual(Object.fromEntries(listed));
  return found;
}

/** The hash of every file below a folder, and its text, line by line, for whoever has to find a difference. */
async function filesIn(folder: string, wanted: (path: string) => boolean): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter(wanted);
  const all = paths.map(async (path) => {
    const bytes = await readFile(join(folder, path));
    const text = /\.(html|xml|txt)$/.test(path) ? bytes.toString().replaceAll('><', '>\n<') : '';
    return [path, `${hashOf(bytes)}\n${text}`] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
