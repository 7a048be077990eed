import type { Encoding } from './release/compress.ts';

/**
 * Chooses the best prepared encoding that the client accepts (RFC 9110, section 12.5.3); null: send it as it is.
 * @param header `Accept-Encoding` of the request.
 * @param available in the order of our preference, which decides between equal weights.
 */
export function chooseEncoding(header: string | undefined, available: readonly Encoding[]): Encoding | null {
  if (header === undefined) return null;
  const weights = readWeights(header);
  let best: Encoding | null = null;
  let bestWeight = 0;
  for (const encoding of available) {
    const alias = encoding === 'gzip' ? weights.get('x-gzip') : undefined;
    const weight = weights.get(encoding) ?? alias ?? weights.get('*') ?? 0;
    if (weight > bestWeight) {
      best = encoding;
      bestWeight = weight;
    }
  }
  return bestWeight >= (weights.get('identity') ?? 0) ? best : null;
}

function readWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    if (name !== '') weights.set(name, quality === undefined ? 1 : readQuality(quality.slice(2)));
  }
  return weights;
}

function readQuality(text: string): number {
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

/** Whether the client already has the answer with this tag (RFC 9110, section 13.1.2: weak comparison). */
export function alreadyHas(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}
