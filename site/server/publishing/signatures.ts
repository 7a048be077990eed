import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';

/** Why a message is not believed. */
export type Refusal = 'forged-or-old' | 'seen';

/** Tells whether messages come from the CMS, and come for the first time. */
export interface Signatures {
  /** Null: believed. */
  refusalOf(body: string, headers: IncomingHttpHeaders): Refusal | null;
}

/** Messages are refused that are older, or further ahead, by more milliseconds; the library checks just that. */
const tolerance = 300_000;
/** Ids remembered at most: more than a CMS sends while they matter, and little memory. */
const mostSeen = 50_000;

/**
 * Checks Standard Webhooks: signature, age of at most 300 s, and that no message comes twice.
 *
 * @param secret `whsec_` and base64
 * @param clock milliseconds, for forgetting ids
 */
export function signatures(secret: string, clock: () => number = () => performance.now()): Signatures {
  const webhook = new Webhook(secret);
  // A message that is 300 s ahead can come again for 600 s. The clock that only goes forward is not set back by anybody.
  const seen = new Map<string, number>();
  return {
    refusalOf(body, headers) {
      const id = text(headers['webhook-id']);
      try {
        webhook.verify(
          body,
          {
            'webhook-id': id,
            'webhook-timestamp': text(headers['webhook-timestamp']),
            'webhook-signature': text(headers['webhook-signature']),
          },
          { jsonParse: false },
        );
      } catch {
        return 'forged-or-old';
      }
      const now = clock();
      for (const [old, at] of seen) {
        if (seen.size < mostSeen && now - at < 2 * tolerance + 1_000) break;
        seen.delete(old);
      }
      if (seen.has(id)) return 'seen';
      seen.set(id, now);
      return null;
    },
  };
}

/** Headers that sign a message, as the CMS sends it. */
export function signatureHeaders(secret: string, body: string, at = new Date()): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

function text(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}
