import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** The country whose numbers may be written without a country code. */
const HOME_COUNTRY = 'US';

/** What a corrected contact detail becomes, or what is wrong with it and how to mend it. */
export type Checked = { ok: true; value: string | null } | { ok: false; fault: string };

/** A phone number as staff type it, in the form `+15552010133`; empty text is none. */
export function checkPhone(text: string): Checked {
  if (text.trim() === '') return { ok: true, value: null };
  const number = parsePhoneNumberFromString(text, HOME_COUNTRY);
  return number?.isPossible() === true
    ? { ok: true, value: number.number }
    : { ok: false, fault: 'is no phone number. Write it with the country code, such as +1 555 201 0133.' };
}

/** A name: one line of text that is not empty. */
export function checkName(text: string): Checked {
  const value = text.replace(/\p{Cc}+/gu, ' ').trim();
  return value === ''
    ? { ok: false, fault: 'is empty. Write the name that the patient gave.' }
    : { ok: true, value };
}
