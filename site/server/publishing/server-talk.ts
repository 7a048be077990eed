import { type Message, messagesPath, type Status, statusSchema } from '@meridian/shared-types';
import { z } from 'zod';
import { serverAddress, type ServerSettings } from '../../settings.ts';
import { messageOf, ServerError } from '../errors.ts';
import { signatureHeaders } from './signatures.ts';

const timeout = 20_000;
const refusal = z.object({ error: z.object({ message: z.string() }) });

/**
 * Sends a signed message to the site server of this machine.
 * @throws ServerError when it does not answer, or refuses
 */
export async function askServer(settings: ServerSettings, message: Message): Promise<Status> {
  const address = serverAddress(settings);
  const body = JSON.stringify(message);
  let answer: unknown;
  try {
    const response = await fetch(`${address}${messagesPath}`, {
      method: 'POST',
      headers: signatureHeaders(settings.webhookSecret, body),
      body,
      signal: AbortSignal.timeout(timeout),
    });
    answer = await response.json();
  } catch (error) {
    throw new ServerError(
      `The site server has DATA_DIR, but does not answer at ${address} (${messageOf(error)}). See that SITE_HOST and SITE_PORT are those that it was started with.`,
      { cause: error },
    );
  }
  const status = statusSchema.safeParse(answer);
  if (status.success) return status.data;
  const refused = refusal.safeParse(answer);
  throw new ServerError(
    refused.success ? refused.data.error.message : `What answers at ${address} is not the site server.`,
  );
}
