import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type ConsultationRequest, intakeSchema } from '@meridian/shared-types';
import { onTestFinished } from 'vitest';
import type { ConsultationSettings } from '../../../settings.ts';
import type { AppOptions } from '../../app.ts';
import type { ReleaseContent } from '../../release/manifest.ts';
import { makeRelease } from '../../release/make.ts';
import { page, smallSite, temporaryFolder, writeDist } from '../../test/site.ts';
import { signToken } from '../form-token.ts';
import { makeKeyring } from '../keyring.ts';
import { openConsultation } from '../service.ts';
import { startServer } from '../../test/http.ts';
import type { RequestLimits } from '../service.ts';

export const spoolKey = 'a1'.repeat(32);
export const keyring = makeKeyring(spoolKey);

/** What the form of the tests asks. */
export const requestForm: NonNullable<ReleaseContent['consultation']> = {
  questions: ['topic', 'provider', 'days', 'times', 'returning', 'message'],
  topics: [{ id: 'topic-sciatica', slug: 'sciatica' }],
  providers: ['provider-ada'],
  days: ['Monday', 'Tuesday'],
  times: ['morning', 'afternoon'],
  responseHours: 2,
};

const fields = ['name', 'phone', 'email', 'topic', 'provider', 'days', 'times', 'returning', 'consent'];

/** A form as the site builds it, in few words. */
const formTemplate =
  '<!--slot:consultation-form--><p class="own">Call us.</p><!--/slot:consultation-form-->' +
  '<template data-slot="consultation-form"><!--fill:summary--><!--fill:call-->' +
  '<form action="/consultation/" method="post"><input type="hidden" name="form">' +
  fields.map((name) => `<p id="request-${name}-error"><!--fill:error-${name}--></p>`).join('') +
  '<input name="name" type="text"><input name="phone" type="tel"><input name="email" type="email">' +
  '<select name="topic"><option value="">None</option><option value="topic-sciatica">Sciatica</option></select>' +
  '<select name="provider"><option value="">Any</option><option value="provider-ada">Ada</option></select>' +
  '<input type="checkbox" name="days" value="Monday"><input type="checkbox" name="days" value="Tuesday">' +
  '<input type="checkbox" name="times" value="morning"><input type="radio" name="returning" value="yes">' +
  '<textarea name="message"></textarea><input type="checkbox" name="consent" value="yes">' +
  '<input name="homepage" type="text"><!--fill:due--></form></template>';

const receivedTemplate =
  '<!--slot:consultation-received--><p>Nothing here.</p><!--/slot:consultation-received-->' +
  '<template data-slot="consultation-received"><p id="reference"><!--fill:reference--></p><!--fill:due--></template>';

/** Makes a live release with a form in a data folder. */
export async function liveForm(dataDir: string): Promise<void> {
  const files = {
    ...smallSite(),
    'consultation/index.html': page('Ask', formTemplate),
    'consultation/received/index.html': page('Received', receivedTemplate),
  };
  const dist = await writeDist(files, { consultation: requestForm });
  await makeRelease({ dist, releasesDir: join(dataDir, 'releases'), id: 'one' });
}

/** A small CMS that takes requests, each once, as the real one does. */
export interface IntakeServer {
  url: string;
  /** What was taken, by the key of its form. */
  taken: Map<string, ConsultationRequest>;
  /** How many posts came. */
  posts: () => number;
  /** Answers instead of taking, or after taking, when it returns a status. Null: hangs up. */
  fault: ((request: IncomingMessage, when: 'before' | 'after') => number | null | undefined) | null;
}

export async function startIntake(): Promise<IntakeServer> {
  let posts = 0;
  const taken = new Map<string, ConsultationRequest>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posts += 1;
      const fails = (when: 'before' | 'after') => {
        const status = intake.fault?.(request, when);
        if (status === undefined) return false;
        if (status === null) request.socket.destroy();
        else response.writeHead(status).end('{}');
        return true;
      };
      if (fails('before')) return;
      if (request.headers.authorization !== 'Bearer intake') return void response.writeHead(401).end('{}');
      const { data } = intakeSchema.parse(JSON.parse(Buffer.concat(chunks).toString()));
      const key = String(request.headers['idempotency-key']);
      const before = taken.get(key);
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(data))
        return void response.writeHead(409).end('{}');
      taken.set(key, data);
      if (fails('after')) return;
      response
        .writeHead(before === undefined ? 201 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ reference: data.reference }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const intake: IntakeServer = {
    url: `http://127.0.0.1:${port}`,
    taken,
    posts: () => posts,
    fault: null,
  };
  return intake;
}

export function settingsFor(cmsUrl: string): ConsultationSettings {
  return { spoolKey, oldSpoolKeys: [], cmsUrl, intakeToken: 'intake' };
}

/** A site server with a form, and the CMS behind it. */
export async function startForm(
  options: Pick<AppOptions, 'log' | 'now' | 'patience'> & {
    limits?: Partial<RequestLimits>;
    trustProxy?: number;
  } = {},
) {
  const dataDir = await temporaryFolder();
  await liveForm(dataDir);
  const intake = await startIntake();
  const told: string[] = [];
  const consultation = await openConsultation({
    dataDir,
    consultation: settingsFor(intake.url),
    limits: options.limits ?? { perAddress: 1000, perAddressUnread: 1000 },
    pauses: { first: 20, longest: 50 },
    tell: (message) => told.push(message),
  });
  const origin = await startServer({
    releasesDir: join(dataDir, 'releases'),
    consultation,
    trustProxy: options.trustProxy ?? 0,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    log: options.log ?? null,
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  if (consultation === null) throw new Error('The form is off.');
  return { origin, intake, dataDir, consultation, told };
}

/** A token of a form that was opened so many seconds ago. */
export function tokenOf(key: string = crypto.randomUUID(), secondsAgo = 10, now = Date.now()): string {
  return signToken(keyring, { key, issuedAt: now - secondsAgo * 1000, sourcePage: '/consultation/' });
}

/** Answers of a patient with whom nothing is wrong. */
export function goodAnswers(changes: Record<string, string> = {}): Record<string, string> {
  return { form: tokenOf(), name: 'Zoë O’Hara', phone: '(310) 828-7757', consent: 'yes', ...changes };
}

/** Posts a form as a browser does, and does not follow. */
export function post(
  origin: string,
  fields: Record<string, string> | string | URLSearchParams,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${origin}/consultation/`, {
    method: 'POST',
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    redirect: 'manual',
  });
}

/** The reference that a confirmation shows. */
export async function referenceIn(origin: string, response: Response): Promise<string> {
  const answer = await fetch(`${origin}${response.headers.get('location') ?? ''}`);
  return /<p id="reference">([^<]*)</.exec(await answer.text())?.[1] ?? '';
}
