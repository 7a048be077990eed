import type { FastifyError, FastifyPluginCallback } from 'fastify';
import {
  largestMessage,
  type Message,
  messageSchema,
  messagesPath,
  type RequestsStatus,
} from '@meridian/shared-types';
import { ServerError } from '../errors.ts';
import type { Reconciler } from './reconciler.ts';
import { signatures } from './signatures.ts';

export interface MessagesOptions {
  webhookSecret: string;
  reconciler: Reconciler;
  /** Fingerprint of the code as it lies on the disk now. */
  readFingerprint: () => Promise<string>;
  /** How consultation requests fare; null where none are taken. */
  requests?: (() => Promise<RequestsStatus>) | null;
}

/** Takes signed messages of the CMS, in a scope of its own. Every fault is answered as `{ error: { message } }`. */
export function messages({
  webhookSecret,
  reconciler,
  readFingerprint,
  requests = null,
}: MessagesOptions): FastifyPluginCallback {
  const guard = signatures(webhookSecret);

  async function obey(message: Exclude<Message, { type: 'requests.status' }>): Promise<void> {
    switch (message.type) {
      case 'release.status':
        return;
      case 'release.approve':
        await reconciler.approve(message.data.id);
        return;
      case 'release.rollback':
        await reconciler.rollback(message.data.id, message.data.by);
        return;
      case 'release.resume':
        await reconciler.resume();
        return;
      case 'release.build':
        await reconciler.rebuild(await readFingerprint());
        return;
      case 'content.changed':
        reconciler.changed(message.data.revision);
    }
  }

  return (app, _options, done) => {
    app.removeAllContentTypeParsers();
    // The signature is over the bytes as they came.
    app.addContentTypeParser(
      '*',
      { parseAs: 'string', bodyLimit: largestMessage },
      (_request, body, parsed) => {
        parsed(null, body);
      },
    );
    app.setErrorHandler<FastifyError>((error, request, reply) => {
      const mendable = error instanceof ServerError;
      const status = mendable ? 409 : (error.statusCode ?? 500);
      if (status >= 500) request.log.error({ err: error }, 'A message could not be followed.');
      const message = mendable || status < 500 ? error.message : 'The message could not be followed.';
      return reply.code(status).send({ error: { message } });
    });
    app.route<{ Body: unknown }>({
      method: 'POST',
      url: messagesPath,
      bodyLimit: largestMessage,
      handler: async (request, reply) => {
        reply.header('cache-control', 'no-store');
        const body = typeof request.body === 'string' ? request.body : '';
        const refusal = guard.refusalOf(body, request.headers);
        if (refusal === 'seen') {
          return reply.code(409).send({ error: { message: 'This message has come before.' } });
        }
        if (refusal !== null) {
          return reply.code(401).send({ error: { message: 'The signature is wrong, or older than 300 s.' } });
        }
        const message = messageSchema.safeParse(readJson(body));
        if (!message.success) {
          return reply.code(400).send({ error: { message: 'The message is of no known form.' } });
        }
        if (message.data.type === 'requests.status') {
          if (requests === null) throw new ServerError('This site server takes no consultation requests.');
          return reply.send(await requests());
        }
        await obey(message.data);
        if (message.data.type === 'content.changed') return reply.code(202).send({});
        return reply.send(await reconciler.status());
      },
    });
    done();
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
