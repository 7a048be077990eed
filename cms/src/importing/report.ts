import type { Notes } from './notes.ts';

/** What became of one source. */
export type Outcome =
  /** Came as a draft. */
  | 'new'
  /** Its draft was written anew. */
  | 'updated'
  /** Nothing has changed since the last run. */
  | 'unchanged'
  /** The source has changed, but so has somebody the draft: left alone. */
  | 'edited'
  /** Somebody has deleted it since: left alone. */
  | 'deleted'
  /** The CMS did not take it. */
  | 'failed';

/** One entry of the report. */
export interface Line {
  outcome: Outcome;
  typeName: string;
  title: string;
  /** Where it was found. */
  origin: string;
  wasPublished: boolean;
  notes: Pick<Notes, 'changed' | 'person'>;
}

/** An old address that should lead to a new one. */
export interface OldAddress {
  from: string;
  to: string;
  /** Whether the CMS has the redirect. */
  isWritten: boolean;
}

/** All that an import has to tell. */
export interface Report {
  /** What was named on the command line. */
  input: string;
  isDryRun: boolean;
  lines: Line[];
  pictures: number;
  oldAddresses: OldAddress[];
  /** What is wrong with files as wholes. */
  files: { file: string; text: string }[];
  /** What did not come, with how much of it there was. */
  leftOut: string[];
}

const OUTCOMES: readonly Outcome[] = ['new', 'updated', 'unchanged', 'edited', 'deleted', 'failed'];
const MEANINGS: Readonly<Record<Outcome, string>> = {
  new: 'came as drafts',
  updated: 'written anew, for their sources had changed',
  unchanged: 'as they were at the last import',
  edited: 'left alone, for somebody has worked on them since',
  deleted: 'left alone, for somebody has deleted them since',
  failed: 'not taken by the CMS',
};

/** The report as a Markdown file for the people who go on with the drafts. */
export function writeReport(report: Report, when: Date): string {
  const { input, isDryRun, lines } = report;
  const time = `${when.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const asked = lines.filter(({ notes }) => notes.person.length > 0);
  const changed = lines.filter(({ notes }) => notes.changed.length > 0);
  const parts = [
    `# Import of ${input}\n\n${time}${isDryRun ? ' · dry run: nothing was written to the CMS' : ''}`,
    summary(report).join('\n'),
    section('What needs a person', [
      ...report.files.map(({ file, text }) => `- ${file}: ${text}`),
      ...asked.map((line) => entry(line, line.notes.person)),
    ]),
    section(
      'What was changed',
      changed.map((line) => entry(line, line.notes.changed)),
    ),
    section(
      'What did not come',
      report.leftOut.map((text) => `- ${text}`),
    ),
    section('Old addresses', addresses(report)),
    section(
      'What came',
      lines.map(({ outcome, typeName, title, origin, wasPublished }) => {
        const published = wasPublished ? ', published' : '';
        return `- ${typeName} "${title}": ${outcome}${published} (${origin})`;
      }),
    ),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** The report in a few lines. */
export function summary({ lines, pictures, isDryRun, oldAddresses, files }: Report): string[] {
  const counted = OUTCOMES.map((outcome) => ({
    outcome,
    these: lines.filter((line) => line.outcome === outcome),
  })).filter(({ these }) => these.length > 0);
  const published = lines.filter(({ wasPublished }) => wasPublished).length;
  const asking = lines.filter(({ notes }) => notes.person.length > 0).length + files.length;
  const waiting = oldAddresses.filter(({ isWritten }) => !isWritten).length;
  return [
    ...counted.map(({ outcome, these }) => `- ${kinds(these)}: ${MEANINGS[outcome]}`),
    ...(pictures > 0
      ? [`- ${plural(pictures, 'picture')}: ${isDryRun ? 'would be uploaded' : 'uploaded'}`]
      : []),
    ...(published > 0 ? [`- ${plural(published, 'entry', 'entries')}: published`] : []),
    ...(oldAddresses.length > waiting
      ? [`- ${plural(oldAddresses.length - waiting, 'redirect')} from old addresses`]
      : []),
    ...(waiting > 0 ? [`- ${plural(waiting, 'old address', 'old addresses')} without a redirect`] : []),
    asking === 0 ? '- Nothing needs a person.' : `- ${plural(asking, 'thing')} to look at`,
  ];
}

function kinds(lines: readonly Line[]): string {
  const counts = new Map<string, number>();
  for (const { typeName } of lines) counts.set(typeName, (counts.get(typeName) ?? 0) + 1);
  return [...counts].map(([name, count]) => plural(count, name.toLowerCase())).join(', ');
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.join('\n')}`;
}

function entry({ typeName, title }: Line, notes: readonly string[]): string {
  return `- ${typeName} "${title}"\n${notes.map((note) => `  - ${note}`).join('\n')}`;
}

function addresses({ oldAddresses }: Report): string[] {
  return oldAddresses.map(
    ({ from, to, isWritten }) => `- ${from} → ${to}${isWritten ? '' : ' (no redirect yet: make it by hand)'}`,
  );
}
