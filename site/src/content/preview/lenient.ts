import type { z } from 'zod';

type Raw = Record<string, unknown>;

/** An entry that fits its contract, and in words what had to be filled in or left out for that. */
export interface Lenient<Entry> {
  entry: Entry;
  /** What the contract was given for it in the end. */
  raw: Readonly<Raw>;
  gaps: string[];
}

const rounds = 12;
const removed = Symbol('removed');
const epoch = '1970-01-01T00:00:00.000Z';

/** What stands in for a field that is empty or wrong, by its name. Others become empty. */
const standIns: Readonly<Record<string, unknown>> = {
  title: 'Untitled',
  name: 'Untitled',
  summary: 'There is no summary yet.',
  kind: 'condition',
  telephone: '000-000-0000',
  timeZone: 'UTC',
  createdAt: epoch,
  updatedAt: epoch,
  publishedAt: epoch,
};

/**
 * Reads an unfinished entry through its contract: what does not fit gets a stand-in, or is left out, and is told in
 * `gaps`. A section that does not fit becomes a call-out that names it.
 *
 * @throws Error when the entry fits even then not
 */
export function readLeniently<Entry>(schema: z.ZodType<Entry>, raw: Readonly<Raw>): Lenient<Entry> {
  const draft: Raw = structuredClone({ ...raw });
  draft['documentId'] ||= 'none';
  draft['publishedAt'] ??= draft['updatedAt'] ?? epoch;
  const gaps = new Set<string>();
  const tried = new Map<string, number>();
  for (let round = 0; round < rounds; round += 1) {
    const result = schema.safeParse(draft);
    if (result.success) return { entry: result.data, raw: draft, gaps: [...gaps] };
    const fields = new Set<string>();
    for (const issue of result.error.issues) {
      const { path, message } = issue;
      const [field, ...rest] = path.map(String);
      if (field === undefined) continue;
      const list = draft[field];
      const index = Number(rest[0]);
      if (Array.isArray(list) && Number.isInteger(index) && index < list.length) {
        if (list[index] === removed) continue;
        const item: unknown = list[index];
        if (field === 'sections') {
          list[index] = hint(item, index, rest.slice(1));
        } else {
          list[index] = removed;
          gaps.add(`${words(field)}, number ${index + 1}, is not complete and is left out here.`);
        }
      } else if (!fields.has(field)) {
        fields.add(field);
        const attempt = tried.get(field) ?? 0;
        tried.set(field, attempt + 1);
        if (attempt === 0 && !['createdAt', 'updatedAt', 'publishedAt'].includes(field))
          gaps.add(gapOf(field, draft[field], message));
        draft[field] = leastNumber(issue) ?? candidates(field, draft, issue)[attempt];
      }
    }
    for (const [field, value] of Object.entries(draft)) {
      if (Array.isArray(value)) draft[field] = value.filter((item) => item !== removed);
    }
  }
  throw new Error('The draft cannot be read.');
}

function candidates(field: string, draft: Raw, issue: z.core.$ZodIssue): unknown[] {
  const standIn = field === 'slug' ? draft['documentId'] : standIns[field];
  const own = [standIn, ...(issue.code === 'invalid_value' ? issue.values.slice(0, 1) : [])];
  return [...own.filter((value) => value !== undefined), null, [], 0, false, 'Not filled in yet'];
}

/** The smallest number that a field takes, when it holds a smaller one. */
function leastNumber(issue: z.core.$ZodIssue): number | null {
  return issue.code === 'too_small' && ['number', 'int'].includes(issue.origin)
    ? Number(issue.minimum)
    : null;
}

function hint(section: unknown, index: number, path: readonly string[]): Raw {
  const name: unknown =
    typeof section === 'object' && section !== null ? Reflect.get(section, '__component') : undefined;
  const kind =
    typeof name === 'string' ? words(name.replace(/^section\./, '')).toLowerCase() : 'unknown kind';
  const part = path.filter((step) => !/^\d+$/.test(step)).map((step) => words(step).toLowerCase());
  return {
    __component: 'section.call-out',
    variant: 'info',
    heading: `Section ${index + 1} (${kind}) is not complete`,
    body: `It cannot be shown yet${part.length === 0 ? '' : `: look at “${part.join(', ')}”`}. Patients never see this note.`,
  };
}

function gapOf(field: string, value: unknown, message: string): string {
  const empty = value === undefined || value === null || value === '';
  return empty
    ? `${words(field)} is not filled in yet.`
    : `${words(field)} cannot be used as it is (${message}).`;
}

/** A field's name as words: `whatToExpect` is `What to expect`. */
export function words(field: string): string {
  const text = field
    .replace(/-/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_all, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
