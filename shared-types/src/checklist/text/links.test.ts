import { expect, test } from 'vitest';
import { readLink } from './links.ts';

const site = 'https://clinic.example';

test.each([
  ['https://nih.gov/a?b=c#d', { href: 'https://nih.gov/a?b=c#d', external: true }],
  ['mailto:desk@clinic.example', { href: 'mailto:desk@clinic.example', external: false }],
  ['tel:+13108287757', { href: 'tel:+13108287757', external: false }],
  ['#reference-1', { href: '#reference-1', external: false }],
  ['/articles/sciatica', { href: '/articles/sciatica/', external: false }],
  ['/articles/sciatica?x=1#y', { href: '/articles/sciatica/?x=1#y', external: false }],
  ['/rss.xml', { href: '/rss.xml', external: false }],
  ['https://clinic.example/consultation', { href: '/consultation/', external: false }],
])('reads %s', (href, link) => {
  expect(readLink(href, site)).toEqual(link);
});

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  ' \u0001javascript:alert(1)',
  'data:text/html,<script>',
  'vbscript:x',
  'file:///etc/passwd',
  '//evil.example/x',
  '/\\evil.example',
  '\\\\evil.example',
  'https://user@evil.example/',
  'https:evil.example',
  'https://',
  'other/page',
  'mailto:',
  '',
])('refuses %j', (href) => {
  expect(readLink(href, site)).toBeNull();
});
