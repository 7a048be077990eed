import { randomUUID } from 'node:crypto';
import { errors } from '@strapi/utils';
import { describe, expect, it } from 'vitest';
import { wholeDays } from '../../src/boot/days.ts';
import { changesBetween } from '../../src/requests/changes.ts';
import { readCommand } from '../../src/requests/command.ts';
import { checkName, checkPhone } from '../../src/requests/contact.ts';
import { toCsv } from '../../src/requests/export.ts';
import { failureCode, withoutPersonalData } from '../../src/requests/failures.ts';
import { readIntake } from '../../src/requests/intake-message.ts';
import { deskMail, waitAfter } from '../../src/requests/mail.ts';
import { onTheWay } from '../../src/requests/on-the-way.ts';
import { EDITABLE_FIELDS } from '../../src/requests/records.ts';
import { expiryLimits } from '../../src/requests/retention.ts';
import { CANARY, holdsCanary, requestSample, rowSample } from './samples.ts';

describe('readIntake', () => {
  const key = randomUUID();

  it('takes a request, and gives one hash whatever the order of its keys', () => {
    const data = requestSample();
    const turned = Object.fromEntries(Object.entries(data).reverse());
    const [first, second] = [readIntake(key, { data }), readIntake(key.toUpperCase(), { data: turned })];
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.hash).toBe(first.hash);
    expect(second.key).toBe(first.key);
  });

  it('gives one hash when the form was sent twice, at different moments', () => {
    const data = requestSample();
    const later = { ...data, receivedAt: '2026-11-20T17:00:02.000Z', dueAt: null, suspectedSpam: true };
    const [first, second] = [readIntake(key, { data }), readIntake(key, { data: later })];
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.hash).toBe(first.hash);
  });

  it('gives another hash when anything differs that the patient said', () => {
    const data = requestSample();
    const [first, second] = [
      readIntake(key, { data }),
      readIntake(key, { data: { ...data, message: null } }),
    ];
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.hash).not.toBe(first.hash);
  });

  it.each(['', 'abc', `${key}x`, '../../etc/passwd'])('refuses the key %j with 400', (wrong) => {
    expect(readIntake(wrong, { data: requestSample() })).toMatchObject({ ok: false, status: 400 });
  });

  it.each([
    ['nothing', undefined],
    ['a list', []],
    ['text', 'data'],
    ['more than data', { data: requestSample(), more: 1 }],
    ['an empty request', { data: {} }],
    ['an unknown key', { data: { ...requestSample(), canaryzebra: 1 } }],
    ['the key of a prototype', { data: JSON.parse('{"__proto__":{"canaryzebra":1}}') as unknown }],
    ['a list for a name', { data: { ...requestSample(), name: ['canaryzebra'] } }],
    ['a name with a line feed', { data: { ...requestSample(), name: 'canaryzebra\r\nBcc: x' } }],
    ['an empty name', { data: { ...requestSample(), name: '' } }],
    ['a name of a megabyte', { data: { ...requestSample(), name: 'canaryzebra'.repeat(100_000) } }],
    ['a phone that is none', { data: { ...requestSample(), phone: 'canaryzebra' } }],
    ['neither phone nor e-mail', { data: { ...requestSample(), phone: null, email: null } }],
    ['no consent', { data: { ...requestSample(), consent: false } }],
    ['an impossible date', { data: { ...requestSample(), receivedAt: '2026-02-31T00:00:00Z' } }],
    ['another site as source page', { data: { ...requestSample(), sourcePage: '//canaryzebra.example/' } }],
  ])('refuses %s with 422, and repeats nothing of it', (_what, body) => {
    const answer = readIntake(key, body);
    expect(answer).toMatchObject({ ok: false, status: 422 });
    expect(holdsCanary(JSON.stringify(answer))).toBe(false);
  });
});

describe('changesBetween', () => {
  it('names each field that staff may change, with what it was and what it is', () => {
    const before = rowSample();
    const after = rowSample({ stage: 'contacted', assignee: { id: 3, firstname: 'Rosa', lastname: 'Desk' } });
    expect(changesBetween(before, after)).toEqual([
      { field: 'stage', from: 'new', to: 'contacted' },
      { field: 'assignee', from: null, to: 'Rosa Desk' },
    ]);
  });

  it('is empty when nothing changed, empty text counting as nothing', () => {
    expect(changesBetween(rowSample(), rowSample({ notes: '', mailAttempts: 4 }))).toEqual([]);
  });

  it('covers no field of what the patient asked', () => {
    expect(EDITABLE_FIELDS).toEqual(['stage', 'name', 'phone', 'email', 'notes', 'assignee']);
  });
});

describe('corrected contact details', () => {
  it.each([
    ['(310) 555-0147', '+13105550147'],
    ['+44 20 7946 0958', '+442079460958'],
    ['  ', null],
  ])('takes the phone number %j as %j', (text, value) => {
    expect(checkPhone(text)).toEqual({ ok: true, value });
  });

  it.each(['12', 'call me', '+1', '<script>'])(
    'refuses the phone number %j and says how to write one',
    (text) => {
      const checked = checkPhone(text);
      expect(checked.ok ? '' : checked.fault).toContain('+1 555 201 0133');
    },
  );

  it('keeps a name on one line and refuses an empty one', () => {
    expect(checkName(' Ada\r\nLong ')).toEqual({ ok: true, value: 'Ada Long' });
    expect(checkName(' \t')).toMatchObject({ ok: false });
  });
});

describe('the e-mail to the desk', () => {
  it('names the reference and the address of the entry, and nothing else of the request', () => {
    const { subject, text } = deskMail('KX7-4QM-R9T', 'abc', 'https://cms.example/admin');
    expect(subject).toBe('New consultation request KX7-4QM-R9T');
    expect(text).toContain(
      'https://cms.example/admin/content-manager/collection-types/api::consultation-request.consultation-request/abc',
    );
  });

  it('is tried again after 10 s, then after twice as long each time, up to an hour', () => {
    expect([1, 2, 3, 9, 10, 5000].map((attempts) => waitAfter(attempts) / 1000)).toEqual([
      10, 20, 40, 2560, 3600, 3600,
    ]);
  });
});

describe('what is said of a failure', () => {
  it('is its code, never its message', () => {
    const error = Object.assign(new Error(`Failing row contains (${CANARY.name})`), {
      code: '23502',
      detail: CANARY.email,
    });
    const said = withoutPersonalData(error, 'KX7-4QM-R9T');
    expect(failureCode(error)).toBe('23502');
    expect(String(said)).toContain('KX7-4QM-R9T could not be written (23502)');
    expect(holdsCanary(JSON.stringify(said, Object.getOwnPropertyNames(said)))).toBe(false);
  });

  it('leaves refusals of our own as they are', () => {
    const refusal = new errors.ValidationError('Write a name.');
    expect(withoutPersonalData(refusal, 'KX7-4QM-R9T')).toBe(refusal);
  });

  it('adds the answer of a mail server as a number', () => {
    expect(failureCode({ code: 'EENVELOPE', responseCode: 550, response: `550 <${CANARY.email}>` })).toBe(
      'EENVELOPE 550',
    );
    expect(failureCode(null)).toBe('unknown');
  });
});

describe('retention', () => {
  it('counts the days of the setting for closed requests and 14 for spam', () => {
    const limits = expiryLimits(new Date('2026-11-24T00:00:00Z'), 90);
    expect(limits.closed.toISOString()).toBe('2026-08-26T00:00:00.000Z');
    expect(limits.spam.toISOString()).toBe('2026-11-10T00:00:00.000Z');
  });

  it.each(['0', '-1', '1.5', 'ninety', '', '99999'])('refuses a setting of %j days', (value) => {
    expect(() => wholeDays('REQUEST_RETENTION_DAYS', value)).toThrow(
      /REQUEST_RETENTION_DAYS is .*from 1 to 3650/,
    );
  });
});

describe('toCsv', () => {
  it('defuses every cell that a spreadsheet would run, and keeps line feeds and quotes in their cells', () => {
    const csv = toCsv([
      rowSample({
        name: '=HYPERLINK("http://evil.example")',
        message: 'a "b"\nc',
        notes: '@SUM(1)',
        topic: '\t=1',
      }),
    ]);
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
    expect(csv).toContain(`"a ""b""\nc"`);
    expect(csv).toContain(`'@SUM(1)`);
    expect(csv).toContain(`'\t=1`);
    expect(csv).toContain(`'+13105550147`);
    expect(csv).not.toMatch(/(^|,)"?[=+@-]/m);
  });

  it('has one line of headings when there is no request', () => {
    expect(toCsv([]).split('\r\n')).toHaveLength(2);
  });
});

describe('readCommand', () => {
  it.each([
    [['export'], { name: 'export', out: null }],
    [['export', '--out', 'a.csv'], { name: 'export', out: 'a.csv' }],
    [['erase', ' kx7-4qm-r9t'], { name: 'erase', reference: 'KX7-4QM-R9T' }],
  ])('reads %j', (args, command) => {
    expect(readCommand(args)).toEqual(command);
  });

  it.each([
    [[]],
    [['erase']],
    [['erase', 'A-1', 'B-2']],
    [['erase', 'A-1', '--out', 'x']],
    [['export', 'x']],
    [['--help']],
  ])('ends %j with the usage', (args) => {
    expect(() => readCommand(args)).toThrow(/^Usage: npm run requests/);
  });

  it('refuses what is no reference', () => {
    expect(() => readCommand(['erase', '<script>'])).toThrow(/is no reference/);
  });
});

describe('what is on its way', () => {
  const none = { waiting: 0, oldestSince: null, locked: 0, failing: null, rejected: [] };
  const aside = (reference: string, since: string) => ({ reference, reason: 'refused' as const, since });

  it('is nothing while every site server has handed all over', () => {
    expect(onTheWay([none, none])).toEqual({
      silent: 0,
      waiting: { count: 0, since: null },
      locked: 0,
      setAside: [],
    });
  });

  it('is joined over the site servers, the oldest first, and those are counted that say nothing', () => {
    const [early, late] = ['2026-11-20T17:00:00.000Z', '2026-11-21T17:00:00.000Z'];
    const joined = onTheWay([
      { ...none, waiting: 2, oldestSince: late, rejected: [aside('KX7-4QM-R9T', late)] },
      null,
      { ...none, waiting: 3, oldestSince: early, locked: 1, rejected: [aside('CCC-DDD-FFF', early)] },
    ]);
    expect(joined).toMatchObject({ silent: 1, waiting: { count: 5, since: early }, locked: 1 });
    expect(joined.setAside.map(({ reference }) => reference)).toEqual(['CCC-DDD-FFF', 'KX7-4QM-R9T']);
  });
});
