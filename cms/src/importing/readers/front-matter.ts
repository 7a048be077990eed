import { parseDocument, visit } from 'yaml';
import { isValues, type Values } from '../../seeding/files.ts';
import type { Notes } from '../notes.ts';
import { oneLine, shorten } from '../text.ts';

/** The fields at the head of a Markdown file that Meridian knows. */
export interface FrontMatter {
  id: string;
  type: 'article' | 'page';
  title: string;
  slug: string;
  summary: string;
  topics: string[];
  author: string;
  image: string;
  imageAlt: string;
  isPublic: boolean;
}

const FENCED = /^---[ \t]*\n([^]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)/;
const KNOWN = new Set(
  'id type title slug summary description topics categories author image imageAlt draft Draft published status'.split(
    ' ',
  ),
);
const REVIEW = new Set(['reviewer', 'reviewedOn', 'nextReviewDue']);
const YES = new Set(['true', 'yes', 'on', '1']);
const NO = new Set(['false', 'no', 'off', '0']);

/** Parts a Markdown file into its fields (YAML between two lines of hyphens) and its text. What is unknown is noted. */
export function readFrontMatter(file: string, notes: Notes): { fields: FrontMatter; markdown: string } {
  const match = FENCED.exec(file);
  const read = match === null ? {} : parse(match[1] ?? '', notes);
  const values = read ?? {};
  for (const name of Object.keys(values)) {
    if (REVIEW.has(name)) {
      notes.ask(`The field "${name}" was left out: only a clinical review in the CMS can say so.`);
    } else if (name === 'date') {
      notes.change(
        'Its date was left out: articles show when they were reviewed, not when they were written.',
      );
    } else if (!KNOWN.has(name)) {
      notes.change(`The field "${shorten(name, 60)}" is unknown here and was left out.`);
    }
  }
  const type = text(values['type']);
  if (type !== '' && type !== 'article' && type !== 'page') {
    notes.ask(`The type "${shorten(type, 60)}" is neither article nor page: it came as an article.`);
  }
  return {
    fields: {
      id: text(values['id']),
      type: type === 'page' ? 'page' : 'article',
      title: text(values['title']),
      slug: text(values['slug']),
      summary: text(values['summary'] ?? values['description']),
      topics: texts(values['topics'] ?? values['categories']),
      author: text(values['author']),
      image: text(values['image']),
      imageAlt: text(values['imageAlt']),
      isPublic: read !== null && !isDraft(values, notes),
    },
    markdown: match === null ? file : file.slice(match[0].length),
  };
}

/** Fields by their names, null when they cannot be read. Numbers, yes and no are texts, as they stand there: 1.10 is another id than 1.1. */
function parse(yaml: string, notes: Notes): Values | null {
  let fault: Error | undefined;
  try {
    const document = parseDocument(yaml, { prettyErrors: true, uniqueKeys: false });
    [fault] = document.errors;
    if (fault === undefined) {
      visit(document, {
        Scalar: (_, scalar) => {
          if (scalar.value !== null && typeof scalar.value !== 'string') scalar.value = scalar.source;
        },
      });
      // Aliases can make a small file endless.
      const values: unknown = document.toJS({ maxAliasCount: 0 });
      if (values === null || isValues(values)) return values ?? {};
      fault = new Error('They are no list of names with values.');
    }
  } catch (error) {
    fault = error instanceof ReferenceError ? new Error('Aliases (*name) are not read.') : (error as Error);
  }
  const reason = oneLine(fault.message.split('\n')[0] ?? '');
  notes.ask(
    `The fields at the head of the file cannot be read and were left out, so it is a draft. ${reason}`,
  );
  return null;
}

/** Only what surely says no is no draft: what is unfinished must not reach patients. */
function isDraft(values: Values, notes: Notes): boolean {
  // As other systems say it.
  if (
    NO.has(text(values['published']).toLowerCase()) ||
    /^(?:draft|pending|private)$/i.test(text(values['status']))
  )
    return true;
  const value = values['draft'] ?? values['Draft'];
  if (value === undefined || value === null) return false;
  const word = text(value).toLowerCase();
  if (NO.has(word)) return false;
  if (!YES.has(word)) {
    const said = word === '' ? '' : ` ("${shorten(text(value), 60)}")`;
    notes.ask(
      `The field "draft" says neither yes nor no${said}: it was taken for yes. Write "draft: false" if it may be published.`,
    );
  }
  return true;
}

function text(value: unknown): string {
  return typeof value === 'string' ? oneLine(value) : '';
}

function texts(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [];
  return all.map(text).filter(Boolean);
}
