import { basename } from 'node:path';
import type { Core } from '@strapi/strapi';
import { publicPath } from '@meridian/shared-types';
import { readBody, type Section } from './body.ts';
import { entries, type Entries, type EntryType, type Written } from './entries.ts';
import { findInputs } from './inputs.ts';
import { linkReader } from './links.ts';
import { notes, type Notes } from './notes.ts';
import { pictureFiles } from './picture-files.ts';
import { pictures, type Pictures } from './pictures.ts';
import type { Progress } from './progress.ts';
import { publishAll, type Publishable } from './publishing.ts';
import { documentIdOf } from './records.ts';
import { oldPath, redirect } from './redirects.ts';
import type { Line, Report } from './report.ts';
import { readSources, survey, type Survey } from './sources.ts';
import type { Source, TopicReference } from './source.ts';
import { shorten } from './text.ts';

export interface ImportOptions {
  isDryRun: boolean;
  publishes: boolean;
  /** Names of authors that may become drafts of providers. */
  providers: readonly string[];
  /** Hosts that missing pictures may be fetched from. */
  hosts: readonly string[];
  progress: Progress;
}

/** A section as it is compared: pictures by their ids, which stay from run to run. */
type PlannedSection =
  Exclude<Section, { kind: 'picture' }> | { kind: 'picture'; id: string; caption: string };

interface Reference {
  type: EntryType;
  documentId: string;
  title: string;
}

interface Context extends ImportOptions {
  strapi: Core.Strapi;
  known: Survey;
  drafts: Entries;
  shown: Pictures;
  report: Report;
  publishable: Publishable[];
  /** Document ids of topics and providers that were seen to in this run, by source id; null when there is none. */
  named: Map<string, string | null>;
}

const LONGEST_TITLE = 150;
const LONGEST_NAME = 120;
const LONGEST_SUMMARY = 400;
const UNTOUCHED = { changed: [], person: [] };

/**
 * Brings the content of a file or folder into the CMS, as drafts. Each entry is written in one transaction with the
 * record of it, so that a run that was stopped is gone on with by the next.
 *
 * @param path absolute
 * @throws CmsError when there is nothing to import
 */
export async function importContent(
  strapi: Core.Strapi,
  path: string,
  options: ImportOptions,
): Promise<Report> {
  const { isDryRun, publishes, hosts, progress } = options;
  const inputs = await findInputs(path);
  progress.begin('looking through what is to come');
  const known = await survey(inputs);
  const shown = pictures(strapi, {
    root: inputs.root,
    files: pictureFiles(inputs.pictures),
    alternativeTexts: known.alternativeTexts,
    hosts,
  });
  const report: Report = {
    input: basename(path),
    isDryRun,
    lines: [],
    pictures: 0,
    oldAddresses: [],
    files: known.files,
    leftOut: known.leftOut,
  };
  const context: Context = {
    ...options,
    strapi,
    known,
    shown,
    report,
    drafts: await entries(strapi, isDryRun),
    publishable: [],
    named: new Map(),
  };
  try {
    progress.begin(isDryRun ? 'reading entries' : 'writing drafts', known.count);
    for await (const source of readSources(inputs, known.libraries)) {
      await importSource(context, source);
      progress.step();
    }
    if (publishes && !isDryRun) {
      progress.begin('publishing', context.publishable.length);
      await publishAll(strapi, context.publishable, () => progress.step());
    }
    report.pictures = shown.count();
  } finally {
    progress.end();
    await shown.end();
  }
  return report;
}

async function importSource(context: Context, source: Source): Promise<void> {
  const { strapi, drafts, shown, report, isDryRun } = context;
  const said = source.notes;
  const sections = await plannedSections(context, source);
  const hero = source.picture === null ? null : await shown.prepare(source.picture, source.address, said);
  if (source.type === 'page' && hero !== null) {
    // Pages have no picture above their text.
    sections.unshift({ kind: 'picture', id: hero, caption: '' });
    said.change('Its featured image is its first section now.');
  }
  const topics = source.type === 'page' ? [] : await topicsOf(context, source);
  const author = source.type === 'page' ? null : await authorOf(context, source);
  const title = limited('title', source.title, LONGEST_TITLE, said);
  const summary = limited('summary', source.summary, LONGEST_SUMMARY, said);
  if (title === '') said.ask('It has no title. Write one.');
  if (summary === '' && source.type === 'article')
    said.ask('It has no summary. Write two or three plain sentences.');
  if (sections.length === 0) said.ask('It has no text.');

  const digest = { title, slug: source.slug, summary, sections, topics, author, hero };
  const written = await drafts.write({
    sourceId: source.id,
    type: source.type,
    title,
    slug: source.slug,
    digest,
    notes: said,
    fields: async () => {
      // One after another: a picture that is shown twice is uploaded once.
      const components: Record<string, unknown>[] = [];
      for (const section of sections) components.push(await toComponent(section, shown));
      const both = { title, summary: summary || null, sections: components };
      if (source.type === 'page') return both;
      return {
        ...both,
        heroImage: hero === null ? null : await shown.upload(hero),
        topics: topics.map(({ documentId }) => documentId),
        author: author?.documentId ?? null,
      };
    },
  });
  addLine(context, {
    sourceId: source.id,
    type: source.type,
    title,
    origin: source.origin,
    notes: said,
    isPublic: source.isPublic,
    needs: [...topics, ...(author === null ? [] : [author])],
    written,
  });

  const path = publicPath(source.type, written.slug);
  const from = path === null ? null : oldPath(source.address, path);
  if (from === null || path === null || !source.isPublic || ['deleted', 'failed'].includes(written.outcome))
    return;
  const to = { type: source.type, documentId: documentIdOf(source.id) };
  report.oldAddresses.push({
    from,
    to: path,
    isWritten: await redirect(strapi, from, to, { isDryRun, notes: said }),
  });
}

async function plannedSections({ known, drafts, shown }: Context, source: Source): Promise<PlannedSection[]> {
  const exists = (path: string): boolean => {
    if (path === '/' || path === '/consultation/') return true;
    const [, folder, slug] = /^\/(?:(articles|topics|providers)\/)?([a-z0-9-]+)\/?$/.exec(path) ?? [];
    const types = { articles: 'article', topics: 'topic', providers: 'provider' } as const;
    const type = folder === undefined ? 'page' : types[folder as keyof typeof types];
    return slug !== undefined && drafts.hasSlug(type, slug);
  };
  const link = linkReader(known.links, source.address, exists, source.notes);
  const sections: PlannedSection[] = [];
  for (const section of readBody(source.html, { notes: source.notes, looseText: source.looseText, link })) {
    if (section.kind === 'text') sections.push(section);
    else {
      const id = await shown.prepare(section.picture, source.address, source.notes);
      if (id !== null) sections.push({ kind: 'picture', id, caption: section.caption });
    }
  }
  return sections;
}

async function toComponent(section: PlannedSection, shown: Pictures): Promise<Record<string, unknown>> {
  return section.kind === 'text'
    ? { __component: 'section.rich-text', heading: section.heading || null, body: section.body }
    : {
        __component: 'section.image',
        image: await shown.upload(section.id),
        caption: section.caption || null,
      };
}

/** The topics that categories become: those that are there, and drafts of those that are not. */
async function topicsOf(context: Context, { topics, origin }: Source): Promise<Reference[]> {
  const found = new Map<string, Reference>();
  for (const topic of topics) {
    const name = shorten(topic.name, LONGEST_NAME);
    if (name === '') continue;
    const documentId = await makeTopic(context, { ...topic, name }, origin);
    if (documentId !== null) found.set(documentId, { type: 'topic', documentId, title: name });
  }
  return [...found.values()];
}

async function makeTopic(
  context: Context,
  { name, summary }: TopicReference,
  origin: string,
): Promise<string | null> {
  const said = notes();
  said.ask('It came as a condition. Say whether it is a treatment or a condition.');
  const short = limited('summary', summary, LONGEST_SUMMARY, said);
  if (short === '') said.ask('It has no summary. Write two or three plain sentences.');
  return makeNamed(context, 'topic', name, { summary: short || null }, origin, said);
}

/** The provider who wrote it, if the clinic has one of that name, or the operator has said that it does. */
async function authorOf(context: Context, source: Source): Promise<Reference | null> {
  const name = shorten(source.author, LONGEST_NAME);
  if (name === '') return null;
  const there = context.drafts.find('provider', name);
  if (there !== null && there !== documentIdOf(namedId('provider', name))) {
    return { type: 'provider', documentId: there, title: name };
  }
  if (there === null && !context.providers.some((each) => each.toLowerCase() === name.toLowerCase())) {
    source.notes.ask(
      `Its author "${name}" is no provider here and was left out. If it is one, import again with --provider "${name}".`,
    );
    return null;
  }
  const said = notes();
  said.ask('Only the name came. Fill in the rest from what the provider says.');
  const documentId = await makeNamed(context, 'provider', name, {}, source.origin, said);
  return documentId === null ? null : { type: 'provider', documentId, title: name };
}

/** A topic or provider that is there by that name, or a draft of it that this import made or makes now. */
async function makeNamed(
  context: Context,
  type: 'topic' | 'provider',
  name: string,
  fields: Record<string, unknown>,
  origin: string,
  said: Notes,
): Promise<string | null> {
  const sourceId = namedId(type, name);
  const own = documentIdOf(sourceId);
  const there = context.drafts.find(type, name);
  if (there !== null && there !== own) return there;
  const before = context.named.get(sourceId);
  if (before !== undefined) return before;
  const entry = { sourceId, type, title: name, notes: said };
  const written = await context.drafts.write({
    ...entry,
    slug: '',
    digest: name,
    fields: () => Promise.resolve({ name, ...fields }),
  });
  addLine(context, { ...entry, origin, isPublic: true, needs: [], written });
  const documentId = ['deleted', 'failed'].includes(written.outcome) ? null : own;
  context.named.set(sourceId, documentId);
  return documentId;
}

function namedId(type: 'topic' | 'provider', name: string): string {
  return `${type}:${name.toLowerCase()}`;
}

function addLine(
  { report, publishable, strapi }: Context,
  entry: {
    sourceId: string;
    type: EntryType;
    title: string;
    origin: string;
    notes: Notes;
    isPublic: boolean;
    needs: Reference[];
    written: Written;
  },
): void {
  const { outcome, isTouched } = entry.written;
  if (outcome === 'edited') entry.notes.ask('Its source has changed, and so has its draft: compare the two.');
  const line: Line = {
    outcome,
    typeName: strapi.contentType(`api::${entry.type}.${entry.type}`).info.displayName,
    title: entry.title,
    origin: entry.origin,
    wasPublished: false,
    // What a person has worked on needs no advice on how it once came.
    notes: isTouched ? (outcome === 'edited' ? lastOnly(entry.notes) : UNTOUCHED) : entry.notes,
  };
  report.lines.push(line);
  if (!entry.isPublic || isTouched || outcome === 'failed') return;
  publishable.push({
    sourceId: entry.sourceId,
    type: entry.type,
    documentId: documentIdOf(entry.sourceId),
    needs: entry.needs,
    line,
    refuse: (reason) => entry.notes.ask(`It was not published. ${reason}`),
  });
}

function lastOnly({ person }: Notes): Line['notes'] {
  return { changed: [], person: person.slice(-1) };
}

function limited(what: string, text: string, longest: number, said: Notes): string {
  const short = shorten(text, longest);
  if (short !== text)
    said.change(`Its ${what} was too long and was shortened. It was: "${shorten(text, 2000)}"`);
  return short;
}
