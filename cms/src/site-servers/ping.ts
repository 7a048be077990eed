import type { Message } from '@meridian/shared-types';
import { DeliveryError } from './messages.ts';

/** What a pinger needs: its servers, how to send to one, and where to say that one is out of reach. */
export interface PingOptions {
  servers: readonly string[];
  send: (message: Message, server: string) => Promise<unknown>;
  log: { info: (line: string) => void; warn: (line: string) => void };
}

/** What one site server was told. */
interface Line {
  server: string;
  told: number;
  sending: boolean;
  failing: boolean;
}

/**
 * Makes the function that tells the site servers that content has changed. It returns at once and never throws. At
 * most one message to a server is under way; revisions that come meanwhile are told in one message after it. A
 * message that gets lost does no harm: the site servers also ask by themselves.
 */
export function createPinger({ servers, send, log }: PingOptions): (revision: number) => void {
  const lines: Line[] = servers.map((server) => ({ server, told: 0, sending: false, failing: false }));
  let latest = 0;

  const tell = async (line: Line): Promise<void> => {
    line.sending = true;
    while (line.told < latest) {
      const revision = latest;
      line.told = revision;
      try {
        await send({ type: 'content.changed', data: { revision } }, line.server);
        if (line.failing) log.info(`The site server ${line.server} takes messages again.`);
        line.failing = false;
      } catch (error) {
        if (!line.failing) log.warn(outOfReach(line.server, error));
        line.failing = true;
      }
    }
    line.sending = false;
  };

  return (revision) => {
    latest = Math.max(latest, revision);
    for (const line of lines) if (!line.sending) void tell(line);
  };
}

function outOfReach(server: string, error: unknown): string {
  const reason = error instanceof DeliveryError ? error.message : 'sending failed';
  return (
    `The site server ${server} was not told of a change: ${reason}. It finds the change by itself when it runs ` +
    'again; check SITE_SERVERS and WEBHOOK_SECRET if it does run. This is not repeated until it answers.'
  );
}
