import { describe, expect, test } from 'vitest';
import { consultationRequestSchema } from '@meridian/shared-types';
import { noAnswers, readPostedForm } from './answers.ts';
import { requestForm } from './test/harness.ts';
import { validate } from './validation.ts';

const good = { name: 'Ada', phone: '310 828 7757', consent: 'yes' };

function check(fields: Record<string, unknown>) {
  const posted = readPostedForm(fields);
  return validate(posted.answers, requestForm);
}
function faults(fields: Record<string, unknown>): string[] {
  const result = check(fields);
  return result.valid ? [] : result.errors.map(({ field }) => field);
}
function answers(fields: Record<string, unknown>) {
  const result = check(fields);
  expect(result).toMatchObject({ valid: true });
  return result.valid ? result.answers : null;
}

test('takes a form with what is needed alone', () => {
  expect(answers(good)).toEqual({
    name: 'Ada',
    phone: '+13108287757',
    email: null,
    preferredDays: [],
    preferredTimes: [],
    topic: null,
    provider: null,
    returningPatient: null,
    message: null,
  });
});

test('takes a form with everything, and puts days in their order', () => {
  expect(
    answers({
      ...good,
      email: ' ada@example.org ',
      topic: 'topic-sciatica',
      provider: 'provider-ada',
      days: ['Tuesday', 'Monday', 'Monday'],
      times: 'morning',
      returning: 'yes',
      message: 'A chair\r\nwith arms',
    }),
  ).toMatchObject({
    email: 'ada@example.org',
    preferredDays: ['Monday', 'Tuesday'],
    preferredTimes: ['morning'],
    returningPatient: true,
    message: 'A chair\nwith arms',
  });
});

describe('a name', () => {
  test.each([
    'Zoë O’Hara',
    'Nguyễn Thị Ánh Dương',
    '王秀英',
    'محمد',
    'נועה',
    'José-María',
    'X Æ A-12',
    'O',
    "d'Arc",
  ])('may be %s', (name) => expect(answers({ ...good, name })?.name).toBe(name.normalize('NFC')));
  test.each([
    ['empty', ''],
    ['blank', '  \u200b '],
    ['digits alone', '12345'],
    ['of two lines', 'Ada\r\nBcc: all@example.org'],
    ['with a line feed', 'Ada\nLong'],
    ['with NUL', 'Ada\u0000'],
    ['with an escape', '\u001b[31mAda'],
    ['with a separator of lines', 'Ada\u2028Long'],
    ['half a character', 'Ada\ud800'],
    ['too long', 'a'.repeat(201)],
    ['of a megabyte', 'a'.repeat(1_000_000)],
  ])('is refused when it is %s', (_what, name) => expect(faults({ ...good, name })).toEqual(['name']));
  test('loses marks that turn the direction of text', () => {
    expect(answers({ ...good, name: '\u202eAda\u202c \u2066Long\u2069' })?.name).toBe('Ada Long');
  });
  test.each(['=HYPERLINK("http://x")a', '<script>alert(1)</script>', '"; DROP TABLE'])(
    'that is %s is plain text',
    (name) => expect(answers({ ...good, name })?.name).toBe(name),
  );
});

describe('a phone number', () => {
  test.each([
    ['(310) 828-7757', '+13108287757'],
    ['310.828.7757', '+13108287757'],
    ['1 310 828 7757', '+13108287757'],
    ['+44 20 7946 0958', '+442079460958'],
    ['\u202a+1 (310) 828‑7757\u202c', '+13108287757'],
    ['３１０８２８７７５７', '+13108287757'],
  ])('%s is %s', (phone, number) => expect(answers({ ...good, phone })?.phone).toBe(number));
  test.each([
    '828-7757',
    '12',
    '+1 999',
    'call me',
    '310 828 7757 ext 12',
    '310-828-7757\r\nx',
    '9'.repeat(60),
  ])('%s is refused', (phone) => expect(faults({ ...good, phone })).toEqual(['phone']));
});

describe('an e-mail address', () => {
  test.each(['ada@example.org', 'a.b+c@sub.example.co'])('%s is taken', (email) =>
    expect(answers({ ...good, phone: '', email })?.email).toBe(email),
  );
  test.each([
    'ada',
    'ada@',
    '@example.org',
    'a@b@c.org',
    'a b@c.org',
    'a@c.org\r\nbcc: d@e.org',
    `${'a'.repeat(250)}@b.org`,
  ])('%s is refused', (email) => expect(faults({ ...good, email })).toEqual(['email']));
  test('or a phone number is needed', () => {
    expect(faults({ ...good, phone: '' })).toEqual(['phone']);
  });
});

test.each([
  ['topic', 'topic-gone'],
  ['provider', 'provider-gone'],
  ['days', 'Sunday'],
  ['days', '2026-02-31'],
  ['times', 'midnight'],
  ['returning', 'maybe'],
  ['message', 'a'.repeat(1001)],
  ['message', 'a\u0000'],
  ['consent', 'no'],
  ['consent', ''],
])('refuses %s: %j', (field, value) => expect(faults({ ...good, [field]: value })).toEqual([field]));

test('names every fault at once, in the order of the form', () => {
  expect(faults({ days: 'Sunday' })).toEqual(['name', 'phone', 'days', 'consent']);
});

test('passes over what the clinic does not ask any more', () => {
  const form = { ...requestForm, questions: [] };
  const { answers: given } = readPostedForm({ ...good, topic: 'x', message: 'y', days: 'Sunday' });
  expect(validate(given, form)).toMatchObject({ valid: true, answers: { topic: null, message: null } });
});

describe('a posted form', () => {
  const form = (body: unknown) => readPostedForm(body);
  test.each([
    ['a list', ['name']],
    ['null', null],
    ['text', 'name=Ada'],
    ['a number', 3],
    ['an unknown field', { ...good, admin: '1' }],
    ['__proto__', JSON.parse('{"__proto__": {"name": "x"}}') as unknown],
    ['constructor', { ...good, constructor: 'x' }],
    ['a name twice', { ...good, name: ['Ada', 'Eve'] }],
    ['an object for a name', { ...good, name: { $ne: '' } }],
    ['a number for a name', { ...good, name: 3 }],
    ['objects among days', { ...good, days: [{}] }],
  ])('that is or has %s is not well formed', (_what, body) => expect(form(body).wellFormed).toBe(false));

  test('keeps what was typed, also when it is not well formed', () => {
    const posted = form({ ...good, admin: '1', homepage: 'http://x' });
    expect(posted).toMatchObject({
      trapped: true,
      wellFormed: false,
      answers: { ...noAnswers(), name: ['Ada'], phone: ['310 828 7757'], consent: ['yes'] },
    });
    expect(Object.getPrototypeOf(posted.answers)).toBe(Object.prototype);
  });
});

test('the contract refuses what must never reach the CMS', () => {
  const request = {
    reference: 'KX7-4QM-R9T',
    name: 'Ada',
    phone: '+13108287757',
    email: null,
    preferredDays: [],
    preferredTimes: [],
    topic: null,
    provider: null,
    returningPatient: null,
    message: null,
    consent: true,
    receivedAt: '2026-11-23T18:00:00.000Z',
    sourcePage: '/consultation/',
    suspectedSpam: false,
    dueAt: null,
  };
  expect(consultationRequestSchema.safeParse(request).success).toBe(true);
  for (const wrong of [
    { name: 'a\r\nb' },
    { name: '\u202ea' },
    { phone: '310' },
    { phone: null },
    { reference: 'KX7-4QM-R0T' },
    { preferredDays: ['Monday', 'Monday'] },
    { consent: false },
    { sourcePage: '//evil.example/' },
    { sourcePage: '/a?name=b' },
    { receivedAt: '2026-02-31' },
    { status: 'booked' },
  ]) {
    expect(consultationRequestSchema.safeParse({ ...request, ...wrong }).success).toBe(false);
  }
});
