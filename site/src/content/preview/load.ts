import { createHash } from 'node:crypto';
import {
  contentTypes,
  eachType,
  entriesSchema,
  isTimeZone,
  queryString,
  readEntryLink,
  typeNames,
  type ContentType,
  type ContentTypeName,
} from '@meridian/shared-types';
import { z } from 'zod';
import {
  assembleArticle,
  assembleConsultation,
  assembleGenericPage,
  assembleHome,
  assembleTopic,
} from '../assemble/pages.ts';
import { assembleSite } from '../assemble/site.ts';
import { catalogs, isCatalog } from '../catalogs/index.ts';
import { library, type Content, type Library } from '../content.ts';
import { cmsClient, type CmsClient } from '../pull/client.ts';
import type { Site } from '../views.ts';
import { readLeniently, words } from './lenient.ts';
import type { PreviewPage, ShownPreview } from './page.ts';
import { previewPictures } from './pictures.ts';

type Raw = Readonly<Record<string, unknown>>;
type Raws = Record<ContentTypeName, Raw[]>;

/** A preview ready to be shown, and the pictures on its page: their names with their paths on the CMS. */
export interface Preview extends ShownPreview {
  pictures: ReadonlyMap<string, string>;
}

/** Reads previews out of the CMS. */
export interface PreviewLoader {
  /**
   * The draft of one document among published content, for a page whose pictures lie below `folder`. Null when there is
   * no such document.
   *
   * @throws BuildError when the CMS cannot be read
   */
  load(type: ContentTypeName, documentId: string, folder: string, now: Date): Promise<Preview | null>;
}

/** Entries of a type around the draft. A preview needs no more of them, and waits for no long list. */
const around = 100;
/** Entries beyond those that links of a draft name; a text with more of them shows the others as gaps. */
const mostLinked = 100;
/** Published content that has just been read is good for the next look, in milliseconds. */
const publishedFor = 10_000;
const patience = { attempts: 1, firstDelay: 0, requestTimeout: 5_000, deadline: 8_000 };

const single = z.object({ data: z.record(z.string(), z.unknown()).nullable() });
const list = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

/** Makes a loader that reads with the preview token. */
export function previewLoader(options: { cmsUrl: string; token: string; siteUrl: string }): PreviewLoader {
  let kept: { until: number; raws: Promise<Raws> } | null = null;

  const published = (client: CmsClient, now: number): Promise<Raws> => {
    if (kept === null || kept.until < now || kept.until > now + publishedFor) {
      const raws = readPublished(client);
      kept = { until: now + publishedFor, raws };
      raws.catch(() => {
        kept = null;
      });
    }
    return kept.raws;
  };

  return {
    async load(type, documentId, folder, now) {
      const client = cmsClient(options.cmsUrl, options.token, patience);
      const draft = await readOne(client, type, documentId, 'draft');
      if (draft === null) return null;
      const raws = { ...(await published(client, now.getTime())) };
      const gaps = [...(await embed(client, type, draft, raws))];
      await fetchLinked(client, [draft, ...raws.navigation, ...raws.clinic], raws);
      raws[type] = [draft, ...raws[type].filter((raw) => raw['documentId'] !== documentId)];
      const pictures = previewPictures(Object.values(raws).flat(), options.cmsUrl, folder);
      const read = readContent(raws, type, pictures);
      const shelves = library(read.content, {
        siteUrl: options.siteUrl,
        now,
        warn: (warning) => gaps.push(warning),
      });
      const { site } = assembleSite(shelves);
      const page = assemblePage(type, documentId, site, shelves);
      if (page === null) return null;
      gaps.unshift(...read.gaps, ...pictureGaps(draft));
      const shown = { page, site, gaps: [...new Set(gaps)] };
      const text = JSON.stringify(shown);
      return {
        ...shown,
        version: createHash('sha256').update(text).digest('base64url').slice(0, 22),
        pictures: new Map(
          [...pictures.values()]
            .filter(({ src }) => text.includes(src))
            .map(({ src, address }) => [src.slice(folder.length), address]),
        ),
      };
    },
  };
}

async function readPublished(client: CmsClient): Promise<Raws> {
  const read = async (name: ContentTypeName): Promise<Raw[]> => {
    const { query, kind } = contentTypes[name];
    if (kind === 'singleType') {
      const raw = await readOne(client, name, null, 'published');
      return raw === null ? [] : [raw];
    }
    const extra = {
      status: 'published',
      pagination: { page: 1, pageSize: around },
      sort: [name === 'article' ? 'createdAt:desc' : 'documentId:asc'],
    };
    const answer = await client.json(`/api/${query.endpoint}?${queryString(query, extra)}`);
    return answer === null ? [] : list.parse(answer).data;
  };
  const shown = typeNames.filter((name) => contentTypes[name].draftAndPublish);
  const all = await Promise.all(shown.map(async (name) => [name, await read(name)] as const));
  const raws: Raws = eachType<Raw[]>(() => []);
  for (const [name, found] of all) raws[name] = found;
  return raws;
}

async function readOne(
  client: CmsClient,
  type: ContentTypeName,
  documentId: string | null,
  status: 'draft' | 'published',
): Promise<Raw | null> {
  const { query, kind } = contentTypes[type];
  const path = kind === 'singleType' ? query.endpoint : `${query.endpoint}/${documentId ?? ''}`;
  const answer = await client.json(`/api/${path}?${queryString(query, { status })}`);
  const raw = answer === null ? null : single.parse(answer).data;
  return raw === null || (documentId !== null && raw['documentId'] !== documentId) ? null : raw;
}

/** Adds what the draft embeds beyond what was read: published if it is, else its draft, which is told. */
async function embed(client: CmsClient, type: ContentTypeName, draft: Raw, raws: Raws): Promise<string[]> {
  const gaps: string[] = [];
  for (const { path, target } of contentTypes[type].relations) {
    const ids = [draft[path]]
      .flat()
      .map(idOf)
      .filter((id) => id !== null);
    for (const id of ids) {
      if (raws[target].some((raw) => raw['documentId'] === id)) continue;
      let raw = await readOne(client, target, id, 'published');
      if (raw === null) {
        raw = await readOne(client, target, id, 'draft');
        gaps.push(`${words(path)}: the ${target} that it leads to is not published yet. Publish that first.`);
      }
      if (raw !== null) raws[target] = [...raws[target], raw];
    }
  }
  return gaps;
}

/** Adds published entries that links name, beyond what was read: their paths are needed. */
async function fetchLinked(client: CmsClient, shown: readonly Raw[], raws: Raws): Promise<void> {
  const links = new Set(JSON.stringify(shown).match(/entry:[a-z][a-z-]*\/[a-z0-9]+/g));
  const asked = [...links].slice(0, mostLinked).flatMap((link) => {
    const { type = '', documentId = '' } = readEntryLink(link) ?? {};
    const name = typeNames.find((each) => each === type);
    if (name === undefined || contentTypes[name].kind === 'singleType') return [];
    return raws[name].some((raw) => raw['documentId'] === documentId) ? [] : [{ name, documentId }];
  });
  await Promise.all(
    asked.map(async ({ name, documentId }) => {
      const raw = await readOne(client, name, documentId, 'published');
      if (raw !== null) raws[name] = [...raws[name], raw];
    }),
  );
}

function idOf(value: unknown): string | null {
  const id: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'documentId') : null;
  return typeof id === 'string' ? id : null;
}

function readContent(raws: Raws, previewed: ContentTypeName, pictures: Content['pictures']) {
  const gaps: string[] = [];
  const fitting = eachType((name) => {
    const { kind, schema }: ContentType = contentTypes[name];
    const found = raws[name].map((raw, index) => {
      const read = readLeniently(schema, raw);
      if (name === previewed && index === 0) gaps.push(...read.gaps);
      return read.raw;
    });
    if (kind === 'collectionType' || found.length > 0) return found;
    gaps.push(`The ${words(name).toLowerCase()} is not published yet, so stand-ins are shown.`);
    return [readLeniently(schema, {}).raw];
  });
  const entries = entriesSchema.parse(fitting);
  for (const clinic of entries.clinic) {
    if (isTimeZone(clinic.timeZone)) continue;
    gaps.push(`Time zone: "${clinic.timeZone}" is none. Write one such as America/Los_Angeles.`);
    clinic.timeZone = 'UTC';
  }
  const content: Content = { entries, pictures };
  return { content, gaps };
}

function pictureGaps(draft: Raw): string[] {
  return ['heroImage', 'photo']
    .filter((field) => draft[field] === null)
    .map((field) => `${words(field)}: there is no picture yet.`);
}

function assemblePage(
  type: ContentTypeName,
  documentId: string,
  site: Site,
  shelves: Library,
): PreviewPage | null {
  const own = <Entry extends { documentId: string }>(entries: readonly Entry[]) =>
    entries.find((entry) => entry.documentId === documentId);
  if (isCatalog(type)) {
    const page = catalogs[type].page(documentId, site, shelves);
    return page === null
      ? null
      : { kind: 'catalog', folder: contentTypes[type].query.endpoint, view: page.view };
  }
  switch (type) {
    case 'article': {
      const article = own(shelves.articles);
      return article === undefined
        ? null
        : { kind: 'article', view: assembleArticle(article, site, shelves).view };
    }
    case 'topic': {
      const topic = own(shelves.topics);
      const [first] = topic === undefined ? [] : assembleTopic(topic, site, shelves);
      return first === undefined ? null : { kind: 'topic', view: first.view };
    }
    case 'page': {
      const page = own(shelves.pages);
      return page === undefined
        ? null
        : { kind: 'page', view: assembleGenericPage(page, site, shelves).view };
    }
    case 'consultation-page':
      return { kind: 'consultation', view: assembleConsultation(site, shelves).view };
    case 'redirect':
      return null;
    case 'clinic':
    case 'navigation':
    case 'home-page':
      return { kind: 'home', view: assembleHome(site, shelves).view };
  }
}
