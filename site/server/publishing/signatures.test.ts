import { expect, test } from 'vitest';
import { webhookSecret } from '../test/programs.ts';
import { signatureHeaders, signatures } from './signatures.ts';

const body = '{"type":"content.changed","data":{"revision":7}}';
const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);

test('a message that is signed now is believed, once', () => {
  const guard = signatures(webhookSecret);
  const headers = signatureHeaders(webhookSecret, body);
  expect(guard.refusalOf(body, headers)).toBeNull();
  expect(guard.refusalOf(body, headers)).toBe('seen');
  expect(guard.refusalOf(body, signatureHeaders(webhookSecret, body))).toBeNull();
});

test('a message that was changed is not believed', () => {
  const guard = signatures(webhookSecret);
  const headers = signatureHeaders(webhookSecret, body);
  expect(guard.refusalOf(body.replace('7', '8'), headers)).toBe('forged-or-old');
  for (const [name, value] of Object.entries({
    'webhook-id': 'msg_other',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000) + 1),
    'webhook-signature': 'v1,AAAA',
  })) {
    expect(guard.refusalOf(body, { ...headers, [name]: value })).toBe('forged-or-old');
    expect(guard.refusalOf(body, { ...headers, [name]: undefined })).toBe('forged-or-old');
  }
});

test('a message that another secret signed is not believed', () => {
  const other = `whsec_${Buffer.from('another one, of thirty-two bytes').toString('base64')}`;
  expect(signatures(webhookSecret).refusalOf(body, signatureHeaders(other, body))).toBe('forged-or-old');
});

test('a message is believed for 300 s, and not when it is older or comes from the future', () => {
  const guard = signatures(webhookSecret);
  const at = (seconds: number) =>
    guard.refusalOf(body, signatureHeaders(webhookSecret, body, secondsAgo(seconds)));
  expect(at(295)).toBeNull();
  expect(at(301)).toBe('forged-or-old');
  expect(at(-302)).toBe('forged-or-old');
});

test('a message that comes again is refused for as long as it would be believed', () => {
  let clock = 0;
  const guard = signatures(webhookSecret, () => clock);
  const headers = signatureHeaders(webhookSecret, body);
  expect(guard.refusalOf(body, headers)).toBeNull();
  clock = 600_000;
  expect(guard.refusalOf(body, headers)).toBe('seen');
});
