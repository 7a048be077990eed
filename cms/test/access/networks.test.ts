import { expect, test } from 'vitest';
import { readNetworks, senderOf } from '../../src/access/networks.ts';
import { assertProxy } from '../../src/boot/proxy.ts';

test.each([
  ['', '203.0.113.9', true],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['10.0.0.0/8', '2001:db8::1', false],
  ['192.168.1.20', '192.168.1.20', true],
  ['192.168.1.20', '192.168.1.21', false],
  ['2001:db8::/32 , 10.0.0.1', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '10.0.0.1', false],
  ['::1', '::1', true],
  ['10.0.0.0/8', 'nonsense', false],
])('networks "%s" allow %s: %s', (setting, address, allowed) => {
  expect(readNetworks(setting)(address)).toBe(allowed);
});

test.each(['10.0.0.0/33', 'clinic.example', '10.0.0.0/8;11.0.0.0/8', '2001:db8::/129'])(
  'names "%s", which is no network, and says what to write',
  (setting) => {
    expect(() => readNetworks(setting)).toThrow(/^ADMIN_ALLOWED_NETWORKS has ".*Write networks like/);
  },
);

test('counts an IPv4 address and a /64 as one sender each', () => {
  expect(senderOf('::ffff:192.0.2.1')).toBe(senderOf('192.0.2.1'));
  expect(senderOf('192.0.2.1')).not.toBe(senderOf('192.0.2.2'));
  expect(senderOf('2001:db8:0:1::5')).toBe(senderOf('2001:db8:0:1:ffff::9'));
  expect(senderOf('2001:db8:0:1::5')).not.toBe(senderOf('2001:db8:0:2::5'));
  expect(senderOf('')).toBe('unknown');
});

test('starts with https only where a proxy is believed', () => {
  expect(() => assertProxy('https://admin.clinic.example/admin', 0)).toThrow(/Set TRUST_PROXY/);
  expect(() => assertProxy('https://admin.clinic.example/admin', 1)).not.toThrow();
  expect(() => assertProxy('http://127.0.0.1:1337/admin', 0)).not.toThrow();
});
