/** Fields of the form, in its order. */
export const fieldNames = [
  'name',
  'phone',
  'email',
  'topic',
  'provider',
  'days',
  'times',
  'returning',
  'message',
  'consent',
] as const;

export type FieldName = (typeof fieldNames)[number];

/** What a patient typed and chose, as it came: shown again when something is wrong. */
export type Answers = Record<FieldName, readonly string[]>;

/** A form that came back. */
export interface PostedForm {
  answers: Answers;
  /** The signed token; empty: none. */
  token: string;
  /** Whether the field was filled in that people do not see. */
  trapped: boolean;
  /** Whether it could have come from our form: no unknown field, no field twice, nothing but text. */
  wellFormed: boolean;
}

/** Name of the field that people do not see. */
export const trapField = 'homepage';

const several: ReadonlySet<string> = new Set<FieldName>(['days', 'times']);

/** A form without answers. */
export function noAnswers(): Answers {
  return {
    name: [],
    phone: [],
    email: [],
    topic: [],
    provider: [],
    days: [],
    times: [],
    returning: [],
    message: [],
    consent: [],
  };
}

/** Reads a parsed body, form or JSON. Whatever it is, the texts of known fields are kept. */
export function readPostedForm(body: unknown): PostedForm {
  const form: PostedForm = { answers: noAnswers(), token: '', trapped: false, wellFormed: true };
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ...form, wellFormed: false };
  const entries: [string, unknown][] = Object.entries(body);
  for (const [name, value] of entries) {
    const texts = textsOf(value);
    const [first = ''] = texts ?? [];
    const field = fieldNames.find((known) => known === name);
    if (texts === null || (Array.isArray(value) && !several.has(name))) form.wellFormed = false;
    if (field !== undefined)
      form.answers[field] = several.has(name) ? (texts ?? []) : first === '' ? [] : [first];
    else if (name === 'form') form.token = first;
    else if (name === trapField) form.trapped = first !== '';
    else form.wellFormed = false;
  }
  return form;
}

function textsOf(value: unknown): string[] | null {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return null;
  return value;
}
