import {
  type ConsultationRequest,
  isPlainLine,
  isPlainText,
  preferredDays,
  preferredTimes,
  requestLimits,
} from '@meridian/shared-types';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';
import type { ReleaseContent } from '../release/manifest.ts';
import type { Answers, FieldName } from './answers.ts';

/** The form of a release: what it asks, and what may be chosen. */
export type RequestForm = NonNullable<ReleaseContent['consultation']>;

/** What a patient said, once nothing is wrong with it. */
export type PatientAnswers = Pick<
  ConsultationRequest,
  | 'name'
  | 'phone'
  | 'email'
  | 'preferredDays'
  | 'preferredTimes'
  | 'topic'
  | 'provider'
  | 'returningPatient'
  | 'message'
>;

export interface FieldError {
  field: FieldName;
  /** A sentence for the patient. */
  message: string;
}

export type Validation =
  { valid: true; answers: PatientAnswers } | { valid: false; errors: readonly FieldError[] };

/** Marks that nobody sees and that come along when a number or name is copied from elsewhere. */
const invisible = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
const emailSchema = z.email().max(requestLimits.email);

/**
 * Checks what a patient typed and chose, in the order of the form. A question that the clinic does not ask any more while
 * a form was open is passed over.
 */
export function validate(given: Answers, form: RequestForm): Validation {
  const errors: FieldError[] = [];
  const fail = (field: FieldName, message: string) => void errors.push({ field, message });
  const asked = (about: RequestForm['questions'][number]) => form.questions.includes(about);

  const name = line(given.name);
  if (name === '') fail('name', 'Enter your name.');
  else if (name.length > requestLimits.name)
    fail('name', `Enter a name of at most ${requestLimits.name} characters.`);
  else if (!isPlainLine(name) || !/\p{Letter}/u.test(name))
    fail('name', 'Enter your name in letters, on one line.');

  const phone = readPhone(line(given.phone), fail);
  const email = readEmail(line(given.email), fail);
  if (line(given.phone) === '' && line(given.email) === '')
    fail('phone', 'Enter a phone number or an e-mail address, so that we can reach you.');

  const topic = asked('topic') ? choice(given.topic) : null;
  if (topic !== null && !form.topics.some(({ id }) => id === topic))
    fail('topic', 'Choose a topic from the list.');
  const provider = asked('provider') ? choice(given.provider) : null;
  if (provider !== null && !form.providers.includes(provider))
    fail('provider', 'Choose somebody from the list, or no preference.');

  const days = asked('days') ? given.days : [];
  if (days.some((day) => !form.days.some((offered) => offered === day)))
    fail('days', 'Choose days from the list.');
  const times = asked('times') ? given.times : [];
  if (times.some((time) => !form.times.some((offered) => offered === time)))
    fail('times', 'Choose times of day from the list.');

  const returning = asked('returning') ? choice(given.returning) : null;
  if (returning !== null && returning !== 'yes' && returning !== 'no')
    fail('returning', 'Choose one of the answers, or none.');

  const message = asked('message') ? text(given.message) : '';
  if (message.length > requestLimits.message)
    fail(
      'message',
      `Shorten your message to ${requestLimits.message} characters. It has ${message.length} now.`,
    );
  else if (!isPlainText(message)) fail('message', 'Enter the message as plain text.');

  if (given.consent[0] !== 'yes') fail('consent', 'Tick the box, so that we may contact you.');

  if (errors.length > 0) return { valid: false, errors };
  return {
    valid: true,
    answers: {
      name,
      phone,
      email,
      preferredDays: preferredDays.filter((day) => days.includes(day)),
      preferredTimes: preferredTimes.filter((time) => times.includes(time)),
      topic,
      provider,
      returningPatient: returning === null ? null : returning === 'yes',
      message: message === '' ? null : message,
    },
  };
}

type Fail = (field: FieldName, message: string) => void;

/** E.164, or null without a number. Numbers without a country are North American. */
function readPhone(typed: string, fail: Fail): string | null {
  if (typed === '') return null;
  const number =
    typed.length <= requestLimits.phone && isPlainLine(typed)
      ? parsePhoneNumberFromString(typed, { defaultCountry: 'US', extract: false })
      : undefined;
  if (number?.isValid() !== true) {
    fail('phone', 'Enter a phone number with its area code, such as 310 555 0123.');
    return null;
  }
  if (number.ext !== undefined) {
    fail('phone', 'Enter a phone number without an extension, or an e-mail address instead.');
    return null;
  }
  return number.number;
}

function readEmail(typed: string, fail: Fail): string | null {
  if (typed === '') return null;
  if (isPlainLine(typed) && emailSchema.safeParse(typed).success) return typed;
  fail('email', 'Enter an e-mail address such as name@example.com.');
  return null;
}

/** A line as it was meant: composed characters, no invisible marks, no blanks around it. */
function line([typed = '']: readonly string[]): string {
  return typed.normalize('NFC').replace(invisible, '').replace(/ {2,}/g, ' ').trim();
}

function text([typed = '']: readonly string[]): string {
  return typed.normalize('NFC').replace(invisible, '').replace(/\r\n?/g, '\n').replace(/\t/g, ' ').trim();
}

function choice([chosen = '']: readonly string[]): string | null {
  return chosen === '' ? null : chosen;
}
