const types = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/avif']);
const largest = 10 * 1024 * 1024;
const patience = 10_000;

/** A picture as the CMS keeps it. */
export interface DraftPicture {
  type: string;
  bytes: Buffer;
}

/**
 * Fetches an uploaded picture from the CMS; null when it is none, of a kind that is not allowed, or larger than uploads
 * may be.
 *
 * @throws Error when the CMS cannot be reached
 */
export async function fetchPicture(cmsUrl: string, address: string): Promise<DraftPicture | null> {
  const answer = await fetch(`${cmsUrl}${address}`, {
    redirect: 'error',
    signal: AbortSignal.timeout(patience),
  });
  const type = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (!answer.ok || !types.has(type) || answer.body === null) {
    await answer.body?.cancel();
    return null;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.byteLength;
    if (size > largest) return null;
    chunks.push(chunk);
  }
  return { type, bytes: Buffer.concat(chunks) };
}
