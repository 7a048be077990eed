import { describe, expect, it, vi } from 'vitest';
import type { Message } from '@meridian/shared-types';
import { DeliveryError } from '../../src/site-servers/messages.ts';
import { createPinger } from '../../src/site-servers/ping.ts';

/** A pinger whose deliveries end when the test says so. */
function pinger(servers = ['http://one']) {
  const sent: { revision: number; server: string; end: (error?: Error) => void }[] = [];
  const log = { info: vi.fn(), warn: vi.fn() };
  const send = (message: Message, server: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const revision = message.type === 'content.changed' ? message.data.revision : -1;
      sent.push({ revision, server, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  const ping = createPinger({ servers, send, log });
  const told = () => sent.map(({ revision }) => revision);
  return { sent, log, ping, told };
}

describe('createPinger', () => {
  it('tells of a thousand revisions in two messages', async () => {
    const { sent, ping, told } = pinger();
    for (let revision = 1; revision <= 1000; revision += 1) ping(revision);
    expect(told()).toEqual([1]);
    sent[0]?.end();
    await expect.poll(() => told()).toEqual([1, 1000]);
    sent[1]?.end();
    await Promise.resolve();
    expect(told()).toEqual([1, 1000]);
  });

  it('never tells of an older revision after a newer one', async () => {
    const { sent, ping, told } = pinger();
    ping(7);
    ping(6);
    sent[0]?.end();
    await Promise.resolve();
    expect(told()).toEqual([7]);
  });

  it('tells every server, whatever the others do', () => {
    const { sent, ping } = pinger(['http://one', 'http://two']);
    ping(1);
    expect(sent.map(({ server }) => server)).toEqual(['http://one', 'http://two']);
  });

  it('warns once while a server is out of reach, and says when it is back', async () => {
    const { sent, ping, log } = pinger();
    for (let revision = 1; revision <= 3; revision += 1) {
      ping(revision);
      await expect.poll(() => sent.length).toBe(revision);
      sent[revision - 1]?.end(revision < 3 ? new DeliveryError('it answered 500') : undefined);
      await new Promise((done) => setImmediate(done));
    }
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(log.warn).toHaveBeenCalledWith(
      expect.stringContaining('http://one was not told of a change: it answered 500'),
    );
    expect(log.info).toHaveBeenCalledTimes(1);
  });
});
