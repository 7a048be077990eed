import { createHash } from 'node:crypto';
import { contentTypes, queryString, type ContentQuery } from '@meridian/shared-types';
import { OperatorError } from './errors.ts';
import type { Settings } from './settings.ts';

const PAGE_SIZE = 100;

/**
 * A hash over everything published, as the site's build would read it: it changes when, and only when, a build could
 * come out differently.
 *
 * @throws OperatorError when the CMS does not answer
 */
export async function contentFingerprint(settings: Settings): Promise<string> {
  const hash = createHash('sha256');
  for (const { query } of Object.values(contentTypes)) {
    for await (const text of pages(settings, query)) hash.update(text);
  }
  return hash.digest('hex');
}

async function* pages(settings: Settings, query: ContentQuery): AsyncGenerator<string> {
  if (query.kind === 'singleType') {
    yield (await read(settings, query.endpoint, queryString(query))) ?? 'unpublished';
    return;
  }
  for (let page = 1; ; page += 1) {
    const extra = { sort: ['documentId'], pagination: { page, pageSize: PAGE_SIZE } };
    const text = await read(settings, query.endpoint, queryString(query, extra));
    if (text === undefined) return;
    yield text;
    if (page >= pageCountOf(text)) return;
  }
}

async function read(settings: Settings, endpoint: string, query: string): Promise<string | undefined> {
  const response = await fetch(`${settings.cms.url}/api/${endpoint}?${query}`, {
    headers: { authorization: `Bearer ${settings.secrets.CMS_BUILD_TOKEN}` },
    signal: AbortSignal.timeout(30_000),
  });
  if (response.status === 404) return undefined;
  if (response.ok) return response.text();
  throw new OperatorError(
    `The CMS answered ${response.status} to a request for "${endpoint}". ` +
      (response.status === 401 || response.status === 403
        ? 'CMS_BUILD_TOKEN is not the one it knows: restart the CMS with the same secrets.'
        : `Look into ${settings.dataDir}/logs/cms.log.`),
  );
}

function pageCountOf(text: string): number {
  const value: unknown = JSON.parse(text);
  const count = path(value, 'meta', 'pagination', 'pageCount');
  return typeof count === 'number' ? count : 0;
}

function path(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? new Map(Object.entries(inner)).get(key) : undefined,
    value,
  );
}
