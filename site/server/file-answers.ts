import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cacheControl, securityHeaders } from './headers.ts';
import type { Release } from './live-release.ts';
import { mediaTypeOf } from './media-types.ts';
import { alreadyHas, chooseEncoding } from './negotiation.ts';
import { encodings, twinSuffix, type Encoding } from './release/compress.ts';
import type { ReleaseFile } from './release/manifest.ts';
import { etagOf, type SlottedPage, type SlottedPages } from './slotted-pages.ts';

export interface FileRequest {
  request: FastifyRequest;
  reply: FastifyReply;
  release: Release;
  /** A path that the release lists. */
  file: string;
  status: 200 | 404;
  pages: SlottedPages;
  secure: boolean;
  now: Date;
}

// Up to here one read is cheaper than a stream.
const largestRead = 256 * 1024;

/**
 * Answers with a file of a release, in the encoding that the client likes best, or says that it has it already.
 * @throws when the file cannot be read; nothing has been sent then.
 */
export async function answerFile(asked: FileRequest): Promise<FastifyReply> {
  const { request, reply, release, file, status, pages, secure, now } = asked;
  const entry = release.files.get(file);
  if (entry === undefined) throw new Error(`The release ${release.id} does not list ${file}.`);
  const slotted = entry.slots.length > 0;
  const { compressible } = mediaTypeOf(file);
  const available = encodings.filter((encoding) => slotted || entry[encoding] !== null);
  const encoding = chooseEncoding(request.headers['accept-encoding'], available);
  const page = slotted ? await pages.render(release, file, encoding, now) : null;
  const prepared = page !== null || encoding === null || entry[encoding] !== null ? encoding : null;
  const etag = page?.etag ?? etagOf(entry.hash, prepared);

  const headers = {
    ...securityHeaders(file, secure, release.content.scripts),
    'cache-control': slotted || status === 404 ? 'no-cache' : cacheControl(file),
    etag,
    ...(compressible ? { vary: 'accept-encoding' } : {}),
  };
  if (status === 200 && alreadyHas(request.headers['if-none-match'], etag)) {
    return reply.code(304).headers(headers).send();
  }
  const body = page === null ? await bodyOf(asked, entry, prepared) : bodyOfPage(page, request);
  return reply
    .code(status)
    .headers({
      ...headers,
      'content-type': mediaTypeOf(file).type,
      'content-length': body.size,
      ...(prepared === null ? {} : { 'content-encoding': prepared }),
    })
    .send(body.payload);
}

interface Body {
  size: number;
  payload: Buffer | NodeJS.ReadableStream | undefined;
}

function bodyOfPage({ body }: SlottedPage, request: FastifyRequest): Body {
  return { size: body.byteLength, payload: request.method === 'HEAD' ? undefined : body };
}

async function bodyOf(
  { request, release, file }: FileRequest,
  entry: ReleaseFile,
  encoding: Encoding | null,
): Promise<Body> {
  const size = (encoding === null ? null : entry[encoding]) ?? entry.size;
  if (request.method === 'HEAD') return { size, payload: undefined };
  const path = join(release.publicDir, encoding === null ? file : file + twinSuffix[encoding]);
  if (size <= largestRead) return { size, payload: await readFile(path) };
  // Opened before anything is sent: a fault is still an answer then, and a removed file can be read to its end.
  const handle = await open(path);
  return { size, payload: handle.createReadStream() };
}
