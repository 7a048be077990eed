import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { newRequestId, requestIdHeader } from '@meridian/shared-types/operations';
import { messagesPath, type Message } from '@meridian/shared-types';
import { requestIds } from '../logging/request-ids.ts';

/** How a message is sent: to which site server, signed with what, given up after how many milliseconds. */
export interface Delivery {
  server: string;
  secret: string;
  deadline: number;
}

/** A site server did not take a message. The text says why, and holds neither secret nor content. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

/**
 * Sends one message to one site server, signed as Standard Webhooks ask.
 *
 * @returns the JSON that it answers
 * @throws DeliveryError when it cannot be reached in time, or answers with anything but a 2xx and JSON
 */
export async function sendMessage(
  message: Message,
  { server, secret, deadline }: Delivery,
): Promise<unknown> {
  const body = JSON.stringify(message);
  const id = `msg_${randomUUID()}`;
  const now = new Date();
  try {
    const response = await fetch(`${server}${messagesPath}`, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(deadline),
      headers: {
        'content-type': 'application/json',
        [requestIdHeader]: requestIds.getStore() ?? newRequestId(),
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, now, body),
      },
      body,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new DeliveryError(`it answered ${String(response.status)}`);
    }
    return await response.json();
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause;
    throw new DeliveryError(reason(cause), { cause });
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return 'it gave no reason';
  if (cause.name === 'TimeoutError') return 'it did not answer in time';
  const inner = cause.cause;
  const code = inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
  return code === '' ? 'its answer cannot be read' : `it cannot be reached (${code})`;
}
