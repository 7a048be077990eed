import { test } from 'vitest';
import { survivesKills } from './test/kills.ts';

test('10,000 requests over 200 kills are in the CMS, each once', { timeout: 1_800_000 }, () =>
  survivesKills(10_000, 200),
);
