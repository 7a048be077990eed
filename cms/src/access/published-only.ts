import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the `Authorization` header carries exactly `token`; takes the same time whatever the header says. */
export function carriesToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(given), digest(token));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/**
 * The query with which a content API request goes on: whoever does not hold the preview token reads published
 * content, whatever `status` they asked for (Strapi gives drafts to every token that may `find`).
 */
export function publishedOnly<Query extends Record<string, unknown>>(query: Query): Query {
  return 'status' in query && query['status'] !== 'published' ? { ...query, status: 'published' } : query;
}
