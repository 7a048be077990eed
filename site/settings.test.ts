import { describe, expect, test } from 'vitest';
import { readBuildSettings, readServerSettings } from './settings.ts';

const token = { CMS_BUILD_TOKEN: 'canary-token' };
const webhookSecret = { WEBHOOK_SECRET: `whsec_${'A'.repeat(43)}=` };

describe('settings', () => {
  test('have defaults for all but the secrets', () => {
    expect(readBuildSettings(token)).toMatchObject({
      cmsUrl: 'http://127.0.0.1:1337',
      siteUrl: 'http://127.0.0.1:4321',
      acceptEmptyContent: false,
    });
    expect(readServerSettings(webhookSecret)).toMatchObject({
      host: '127.0.0.1',
      port: 4321,
      trustProxy: 0,
      build: { deadline: 900, memory: 2048, interval: 30 },
      consultation: null,
    });
  });

  test('follow host and port, and lose the slash at the end', () => {
    expect(
      readBuildSettings({ ...token, CMS_PORT: '1400', SITE_URL: 'https://clinic.example/' }),
    ).toMatchObject({
      cmsUrl: 'http://127.0.0.1:1400',
      siteUrl: 'https://clinic.example',
    });
  });

  test('name the variable that is missing or wrong, and not its value', () => {
    expect(() => readBuildSettings({})).toThrow(
      'The setting CMS_BUILD_TOKEN is not set. Set it to the token',
    );
    expect(() => readBuildSettings({ ...token, CMS_URL: 'ftp://secret' })).toThrow(
      'The setting CMS_URL cannot be used. Set it to the address of the CMS, such as http://127.0.0.1:1337, in .env or in the environment.',
    );
    expect(() => readServerSettings({ SITE_PORT: '99999' })).toThrow('The setting SITE_PORT cannot be used.');
  });
});
