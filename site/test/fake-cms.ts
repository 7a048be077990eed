/**
 * A server that answers like the REST API of the CMS, from the readable entries of a folder such as `cms/content`.
 * For tests and for work on the site without a CMS: `node site/test/fake-cms.ts --port 1337 --content cms/content`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ContentTypeName,
  contentTypes,
  eachType,
  mediaQuery,
  type Populate,
  type Selection,
  typeNames,
} from '@meridian/shared-types';
import sharp from 'sharp';
import { parse } from 'yaml';
import { z } from 'zod';

export type FakeEntry = Record<string, unknown>;

/** A line of the revision log. */
export interface FakeChange {
  revision: number;
  type: string;
  documentId: string;
  action: 'publish' | 'unpublish' | 'delete' | 'update';
}

/** What the server holds. Tests change it while it runs. */
export interface FakeCms {
  url: string;
  token: string;
  /** Entries in the form of REST, by type. */
  entries: Record<ContentTypeName, FakeEntry[]>;
  /** Bytes by path below `/uploads/`. */
  uploads: Map<string, Uint8Array>;
  /** How often the store of the pictures is away before it answers again. */
  picturesAway: number;
  /**
   * The revision log. Whenever it is asked for, what was changed in `entries` meanwhile is added to it: changed pictures
   * as media, for the real CMS does not count them as changes of the entries that show them.
   */
  log: FakeChange[];
  /** Revisions up to this one have been deleted from the log. */
  forgotten: number;
  /** Whether the log notices changes by itself; tests with very many entries write it themselves. */
  notices: boolean;
  /** Paths asked for, with their queries. */
  requests: string[];
  /** Answers instead of the server when it returns true. */
  fault: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  close: () => Promise<void>;
}

const since = '2026-01-01T00:00:00.000Z';
const record = z.record(z.string(), z.unknown());

/** A time zone in which it is about noon now. */
export function timeZoneAtNoon(): string {
  const ahead = 12 - new Date().getUTCHours();
  // By their old names, zones ahead of UTC have a minus.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${String(Math.abs(ahead))}`;
}

/** Starts a server on a free port of this machine, or on `port`. */
export async function startFakeCms(contentFolder: string, port = 0): Promise<FakeCms> {
  const uploads = new Map<string, Uint8Array>();
  const entries = await readFakeEntries(contentFolder, uploads);
  const cms: FakeCms = {
    url: '',
    token: 'token-of-the-fake-cms',
    entries,
    uploads,
    picturesAway: 0,
    log: [],
    forgotten: 0,
    notices: true,
    requests: [],
    fault: null,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      }),
  };
  let seen = seenIn(cms);
  const server = createServer((request, response) => {
    cms.requests.push(request.url ?? '');
    if (cms.notices && request.url?.startsWith('/api/changes') === true) seen = notice(cms, seen);
    if (cms.fault?.(request, response) !== true) answer(cms, request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  cms.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  return cms;
}

function answer(cms: FakeCms, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://cms');
  if (url.pathname === '/_health') {
    response.writeHead(204).end();
  } else if (url.pathname.startsWith('/uploads/')) {
    cms.picturesAway -= 1;
    if (cms.picturesAway >= 0) {
      response.writeHead(503).end();
      return;
    }
    const bytes = cms.uploads.get(url.pathname.slice('/uploads/'.length));
    response.writeHead(bytes === undefined ? 404 : 200).end(bytes);
  } else if (request.headers.authorization !== `Bearer ${cms.token}`) {
    sendJson(response, 401, { data: null });
  } else if (url.pathname === '/api/changes') {
    sendChanges(cms, Number(url.searchParams.get('since')), response);
  } else {
    sendEntries(cms, url, response);
  }
}

/** Adds a line to the revision log and gives its revision. */
export function logChange(
  cms: FakeCms,
  type: string,
  documentId: string,
  action: FakeChange['action'],
): number {
  const revision = (cms.log.at(-1)?.revision ?? cms.forgotten) + 1;
  cms.log.push({ revision, type, documentId, action });
  return revision;
}

/** Latest revision, counting what the log has not noticed yet only after it was asked for. */
function latest(cms: FakeCms): number {
  return cms.log.at(-1)?.revision ?? cms.forgotten;
}

function sendChanges(cms: FakeCms, since: number, response: ServerResponse): void {
  const complete = since >= cms.forgotten && since <= latest(cms);
  const data = complete ? cms.log.filter(({ revision }) => revision > since).slice(0, 1_000) : [];
  sendJson(response, 200, { data, meta: { revision: latest(cms), complete } });
}

/** Every entry and file as text, by type and document id. */
type Seen = ReadonlyMap<string, string>;

function seenIn(cms: FakeCms): Seen {
  const seen = new Map<string, string>();
  for (const [type, entries] of Object.entries(cms.entries)) {
    for (const entry of entries) {
      const text = JSON.stringify(entry, (_, value: unknown) => {
        const file = record.safeParse(value);
        if (!file.success || typeof file.data['mime'] !== 'string') return value;
        const id = String(file.data['documentId']);
        seen.set(`media ${id}`, JSON.stringify(file.data));
        return id;
      });
      seen.set(`${type} ${String(entry['documentId'])}`, text);
    }
  }
  return seen;
}

function notice(cms: FakeCms, before: Seen): Seen {
  const now = seenIn(cms);
  for (const [key, text] of now) {
    const [type = '', id = ''] = key.split(' ');
    if (type === 'media' && !before.has(key)) continue;
    if (before.get(key) !== text) logChange(cms, type, id, type === 'media' ? 'update' : 'publish');
  }
  for (const key of before.keys()) {
    const [type = '', id = ''] = key.split(' ');
    if (type !== 'media' && !now.has(key)) logChange(cms, type, id, 'unpublish');
  }
  return now;
}

function sendEntries(cms: FakeCms, url: URL, response: ServerResponse): void {
  const type = Object.values(contentTypes).find(({ query }) => url.pathname === `/api/${query.endpoint}`);
  if (type === undefined) {
    sendJson(response, 404, { data: null });
    return;
  }
  const found = cms.entries[type.singularName];
  if (type.kind === 'singleType') {
    const [entry = null] = found;
    sendJson(response, entry === null ? 404 : 200, { data: entry });
    return;
  }
  const asked = [...url.searchParams]
    .filter(([name]) => name.startsWith('filters[documentId][$in]'))
    .map(([, id]) => id);
  const matching =
    asked.length === 0 ? found : found.filter((entry) => asked.includes(String(entry['documentId'])));
  const page = Number(url.searchParams.get('pagination[page]') ?? 1);
  const pageSize = Math.min(Number(url.searchParams.get('pagination[pageSize]') ?? 25), 100);
  sendJson(response, 200, {
    data: matching.slice((page - 1) * pageSize, page * pageSize),
    meta: {
      pagination: {
        page,
        pageSize,
        pageCount: Math.ceil(matching.length / pageSize),
        total: matching.length,
      },
    },
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Reads the entries of a folder, and puts its pictures into `uploads`. */
export async function readFakeEntries(
  folder: string,
  uploads: Map<string, Uint8Array>,
): Promise<FakeCms['entries']> {
  const media = await readMedia(path.join(folder, 'media'), uploads);
  const read = async (name: ContentTypeName): Promise<FakeEntry[]> => {
    const { kind, query } = contentTypes[name];
    if (kind === 'singleType') return [await readEntry(path.join(folder, `${name}.yaml`), name, media)];
    const files = (await namesIn(path.join(folder, query.endpoint))).filter((file) => file.endsWith('.yaml'));
    return Promise.all(
      files.toSorted().map((file) => readEntry(path.join(folder, query.endpoint, file), name, media)),
    );
  };
  const found = new Map(await Promise.all(typeNames.map(async (name) => [name, await read(name)] as const)));
  return eachType((name) => found.get(name) ?? []);
}

/** A folder that is not there holds nothing. */
async function namesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

async function readEntry(
  file: string,
  type: ContentTypeName,
  media: ReadonlyMap<string, FakeEntry>,
): Promise<FakeEntry> {
  const written = record.parse(parse(await readFile(file, 'utf8')));
  const { query, relations } = contentTypes[type];
  const targets = new Map<string, string>(relations.map(({ path: field, target }) => [field, target]));
  const slug = typeof written['slug'] === 'string' ? written['slug'] : type;
  return {
    ...filled(query, written, media, targets),
    documentId: documentId(type, slug),
    createdAt: since,
    updatedAt: since,
    publishedAt: since,
  };
}

/** Document id that an entry of a type and slug gets. */
export function documentId(type: string, slug: string): string {
  return `${type}-${slug}`;
}

const lists =
  /^(sections|topics|relatedArticles|references|providers|featured.+|whatToExpect|openingHours|closures|areasServed|socialLinks|header|footer|boardCertifications|specialties|languages|doItems|dontItems|questions)$/;

function filled(
  selection: Selection,
  written: FakeEntry,
  media: ReadonlyMap<string, FakeEntry>,
  targets: ReadonlyMap<string, string> = new Map(),
): FakeEntry {
  const fields = selection.fields.map((field) => [field, restValue(field, written[field])]);
  const populated = Object.entries(selection.populate ?? {}).map(([field, populate]) => {
    const value = written[field];
    const one = (item: unknown) => populatedValue(populate, item, media, targets.get(field));
    if (Array.isArray(value)) return [field, value.map(one)];
    if (value === undefined || value === null) return [field, lists.test(field) ? [] : null];
    return [field, one(value)];
  });
  return record.parse(Object.fromEntries([...fields, ...populated]));
}

function populatedValue(
  populate: Populate,
  item: unknown,
  media: ReadonlyMap<string, FakeEntry>,
  target: string | undefined,
): unknown {
  if (target !== undefined) return { documentId: documentId(target, String(item)) };
  if (populate === mediaQuery) {
    const file = media.get(String(item));
    if (file === undefined) throw new Error(`There is no picture "${String(item)}" in the media folder.`);
    return file;
  }
  const component = record.parse(item);
  if (!('on' in populate)) return filled(populate, component, media);
  const name = String(component['component']);
  const selection = populate.on[name];
  if (selection === undefined) throw new Error(`There is no component "${name}".`);
  return { __component: name, ...filled(selection, component, media) };
}

function restValue(field: string, value: unknown): unknown {
  if (value === undefined) return null;
  return (field === 'opens' || field === 'closes') && typeof value === 'string' && /^\d\d:\d\d$/.test(value)
    ? `${value}:00.000`
    : value;
}

async function readMedia(folder: string, uploads: Map<string, Uint8Array>): Promise<Map<string, FakeEntry>> {
  const index = record.parse(parse(await readFile(path.join(folder, 'index.yaml'), 'utf8')));
  const media = new Map<string, FakeEntry>();
  for (const [name, about] of Object.entries(index)) {
    const bytes = await readFile(path.join(folder, name));
    const { width, height, format } = await sharp(bytes).metadata();
    const described = record.parse(about);
    uploads.set(name, bytes);
    media.set(name, {
      documentId: documentId('media', name),
      name,
      url: `/uploads/${name}`,
      alternativeText: described['alternativeText'] ?? null,
      caption: described['caption'] ?? null,
      width,
      height,
      mime: `image/${format}`,
      size: bytes.length / 1_000,
      hash: name.replace(/\.[^.]*$/, ''),
      ext: path.extname(name),
      focalPoint: described['focalPoint'] ?? null,
      updatedAt: since,
    });
  }
  return media;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '1337' },
      content: { type: 'string', default: 'cms/content' },
    },
  });
  const cms = await startFakeCms(path.resolve(values.content), Number(values.port));
  console.log(`Fake CMS at ${cms.url} with the entries of ${values.content}. CMS_BUILD_TOKEN=${cms.token}`);
}
