import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { ConsultationRequest } from '@meridian/shared-types';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { consultationPath, receivedPath } from '../../src/paths.ts';
import { systemCode } from '../errors.ts';
import { readAddress } from '../addresses.ts';
import { securityHeaders } from '../headers.ts';
import type { LiveRelease, Release } from '../live-release.ts';
import { chooseEncoding } from '../negotiation.ts';
import { compress, encodings } from '../release/compress.ts';
import { type Answers, noAnswers, type PostedForm, readPostedForm } from './answers.ts';
import { confirmationId, readConfirmationId } from './confirmation-id.ts';
import { confirmationPage, dueAt, formPage, type FormState, type Notice } from './form-page.ts';
import { ageOf, type FormToken, newToken, readToken, renewedToken, signToken } from './form-token.ts';
import type { PageTemplate } from './page-template.ts';
import { isSameSite, sourcePath } from './same-site.ts';
import type { ConsultationService } from './service.ts';
import { type Addition, referenceOfKey, SpoolError } from './spool.ts';
import { followTemplates } from './templates.ts';
import { type PatientAnswers, type RequestForm, validate } from './validation.ts';

export interface ConsultationRoutes {
  consultation: ConsultationService;
  releases: LiveRelease;
  /** Answers with what the release has at an address. */
  read: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  /** Answers with a page that needs no release. */
  sendPlain: (reply: FastifyReply, status: number, release: Release | null) => FastifyReply;
  siteUrl: string;
  now: () => Date;
}

/** A release that has a form, and its page. */
interface FormOfRelease {
  release: Release;
  form: RequestForm;
  template: PageTemplate;
}

const formAddress = consultationPath();
const formFile = 'consultation/index.html';
const receivedFile = 'consultation/received/index.html';
// A message that is far too long, in a script of which each letter takes nine bytes, comes back with what was typed.
const largestBody = 64 * 1024;
const tenMinutes = 10 * 60 * 1000;
const oneMinute = 60 * 1000;
const mostAddresses = 50_000;

/** Shows the form, takes what patients send, and confirms it. */
export function consultationRoutes(app: FastifyInstance, parts: ConsultationRoutes): void {
  const { consultation, releases, read, sendPlain, siteUrl, now } = parts;
  const { keyring, spool, delivery, limits } = consultation;
  const templates = followTemplates();
  const secure = new URL(siteUrl).protocol === 'https:';
  app.addHook('onClose', () => consultation.stop());

  async function formOf(release: Release | null): Promise<FormOfRelease | null> {
    const form = release?.content.consultation ?? null;
    if (release === null || form === null) return null;
    const template = await templates.of(release, formFile, 'consultation-form');
    return template === null ? null : { release, form, template };
  }

  function headersOf(release: Release | null): Record<string, string> {
    return { ...securityHeaders(null, secure, release?.content.scripts), 'cache-control': 'no-store' };
  }

  function sendPage(reply: FastifyReply, status: number, release: Release, html: string): FastifyReply {
    return reply.code(status).headers(headersOf(release)).type('text/html; charset=utf-8').send(html);
  }

  function sendForm(
    reply: FastifyReply,
    status: number,
    { release, template }: FormOfRelease,
    state: Omit<FormState, 'token'> & { token: FormToken },
  ): FastifyReply {
    const token = signToken(keyring, state.token);
    return sendPage(reply, status, release, formPage(template, release.content, { ...state, token }, now()));
  }

  /** Shows the form again with every answer, and says why. */
  async function sendAgain(
    reply: FastifyReply,
    status: number,
    notice: Notice,
    answers: Answers = noAnswers(),
    token: FormToken = newToken(formAddress, now()),
  ): Promise<FastifyReply> {
    const release = await releases.current();
    const form = await formOf(release);
    if (form === null) return sendPlain(reply, status, release);
    return sendForm(reply, status, form, { answers, token, errors: [], notice });
  }

  async function showForm(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = await formOf(await releases.current());
    if (form === null) return read(request, reply);
    const source = sourcePath(request.headers, siteUrl);
    const known = source?.endsWith('/') === true && form.release.book.has(`${source.slice(1)}index.html`);
    const topic = new URLSearchParams(readAddress(request.raw.url ?? '')?.query ?? '').get('topic');
    const chosen = form.form.topics.filter(({ slug }) => slug === topic).map(({ id }) => id);
    const html = formPage(
      form.template,
      form.release.content,
      {
        answers: { ...noAnswers(), topic: chosen },
        token: signToken(keyring, newToken(known ? source : formAddress, now())),
        errors: [],
        notice: null,
      },
      now(),
    );
    // What a visitor typed is in no answer that is compressed: its size would tell of it.
    const encoding = chooseEncoding(request.headers['accept-encoding'], encodings);
    const body = encoding === null ? Buffer.from(html) : await compress(Buffer.from(html), encoding, 'quick');
    return reply
      .headers({ ...headersOf(form.release), vary: 'accept-encoding', 'content-length': body.byteLength })
      .headers(encoding === null ? {} : { 'content-encoding': encoding })
      .type('text/html; charset=utf-8')
      .send(request.method === 'HEAD' ? undefined : body);
  }

  async function showConfirmation(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const release = await releases.current();
    const id = new URLSearchParams(readAddress(request.raw.url ?? '')?.query ?? '').get('id');
    const confirmation = id === null ? null : readConfirmationId(keyring, id, now());
    const template =
      release === null ? null : await templates.of(release, receivedFile, 'consultation-received');
    if (release === null || template === null || confirmation === null) return read(request, reply);
    const html = confirmationPage(template, release.content, confirmation, now());
    return sendPage(reply, 200, release, html);
  }

  function requestOf(
    answers: PatientAnswers,
    token: FormToken,
    suspectedSpam: boolean,
    { release }: FormOfRelease,
  ): ConsultationRequest {
    const receivedAt = now();
    return {
      reference: referenceOfKey(token.key),
      ...answers,
      consent: true,
      receivedAt: receivedAt.toISOString(),
      sourcePage: token.sourcePage,
      suspectedSpam,
      dueAt: dueAt(release.content, receivedAt)?.toISOString() ?? null,
    };
  }

  async function take(
    posted: PostedForm,
    { id: requestId, log }: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { answers } = posted;
    const release = await releases.current();
    const form = await formOf(release);
    if (form === null) return sendPlain(reply, release === null ? 503 : 410, release);
    const token = readToken(keyring, posted.token);
    const age = token === null ? 'expired' : ageOf(token, now());
    if (token === null || age === 'expired') {
      const fresh = token === null ? newToken(formAddress, now()) : renewedToken(token, now());
      return sendAgain(reply, 422, { kind: 'expired' }, answers, fresh);
    }
    if (!posted.wellFormed) return sendAgain(reply, 400, { kind: 'malformed' }, answers, token);
    const checked = validate(answers, form.form);
    if (!checked.valid)
      return sendForm(reply, 422, form, { answers, token, errors: checked.errors, notice: null });

    let addition: Addition;
    try {
      const suspected = posted.trapped || age === 'quick';
      addition = await spool.add(token.key, requestOf(checked.answers, token, suspected, form));
    } catch (error) {
      if (!(error instanceof SpoolError)) throw error;
      log.error(error.message);
      return sendAgain(reply.header('retry-after', '120'), 503, { kind: 'failed' }, answers, token);
    }
    if (addition.outcome === 'conflict') {
      const { reference } = addition;
      return sendAgain(reply, 409, { kind: 'conflict', reference }, answers, renewedToken(token, now()));
    }
    log.info(
      { reference: addition.reference, outcome: addition.outcome },
      'A consultation request was taken.',
    );
    delivery.wake(token.key, requestId);
    return reply
      .headers(headersOf(null))
      .redirect(`${receivedPath}?id=${confirmationId(keyring, addition, now())}`, 303);
  }

  app.route({ method: ['GET', 'HEAD'], url: formAddress, handler: showForm });
  app.route({ method: ['GET', 'HEAD'], url: receivedPath, handler: showConfirmation });

  void app.register(async (posts) => {
    posts.removeAllContentTypeParsers();
    posts.addContentTypeParser(
      'application/json',
      { parseAs: 'string' },
      posts.getDefaultJsonParser('error', 'error'),
    );
    await posts.register(formbody);
    await posts.register(rateLimit, { global: false, cache: mostAddresses, ipv6Subnet: 64 });
    const unread = posts.createRateLimit({ max: limits.perAddressUnread, timeWindow: tenMinutes });
    const perAddress = posts.createRateLimit({ max: limits.perAddress, timeWindow: tenMinutes });
    const all = posts.createRateLimit({ max: limits.all, timeWindow: oneMinute, keyGenerator: () => 'all' });

    posts.post(formAddress, {
      bodyLimit: largestBody,
      onRequest: async (request, reply) => {
        const limit = await unread(request);
        if (!limit.isAllowed && limit.isExceeded) {
          return sendPlain(reply.header('retry-after', limit.ttlInSeconds), 429, await releases.current());
        }
        if (!isSameSite(request.headers, siteUrl)) return sendPlain(reply, 403, await releases.current());
        return undefined;
      },
      handler: async (request, reply) => {
        const posted = readPostedForm(request.body);
        for (const check of [perAddress, all]) {
          const limit = await check(request);
          if (limit.isAllowed || !limit.isExceeded) continue;
          const token = readToken(keyring, posted.token) ?? undefined;
          return sendAgain(
            reply.header('retry-after', limit.ttlInSeconds),
            429,
            { kind: 'too-many' },
            posted.answers,
            token,
          );
        }
        return take(posted, request, reply);
      },
    });

    posts.setErrorHandler<FastifyError>(async (error, request, reply) => {
      const status = error.statusCode !== undefined && error.statusCode < 500 ? error.statusCode : 500;
      if (status < 500) return sendAgain(reply, status, { kind: 'unreadable' });
      // Only its name: a message could repeat what a patient typed.
      request.log.error({ code: systemCode(error), type: error.name }, 'A consultation request failed.');
      return sendAgain(reply, 500, { kind: 'failed' });
    });
  });
}
