import type { TypeNames } from './names.ts';

/** The files of a new content type beside its contract, by path. Code is not formatted yet. */
export function filesOf(names: TypeNames): Map<string, string> {
  const { singular, plural } = names;
  const api = `cms/src/api/${singular}`;
  return new Map([
    [`${api}/content-types/${singular}/schema.json`, schemaText(names)],
    ...factories.map((factory): [string, string] => [
      factoryFile(singular, factory),
      factoryText(singular, factory),
    ]),
    [`cms/fixture/${plural}/example-${singular}.yaml`, fixtureText(names)],
    [`site/src/content/catalogs/${singular}.ts`, catalogText(names)],
    [`site/src/content/catalogs/${singular}.test.ts`, catalogTestText(names)],
    [`site/src/pages/${plural}/index.astro`, listPageText(names)],
    [`site/src/pages/${plural}/[slug].astro`, entryPageText(names)],
  ]);
}

/** Strapi's files for a content type: their folder, and the factory that makes what they export. */
export const factories = [
  { folder: 'controllers', factory: 'createCoreController' },
  { folder: 'routes', factory: 'createCoreRouter' },
  { folder: 'services', factory: 'createCoreService' },
] as const;
type Factory = (typeof factories)[number];

export function factoryFile(singular: string, { folder }: Factory): string {
  return `cms/src/api/${singular}/${folder}/${singular}.ts`;
}

/** The one statement of such a file. */
export function factoryLine(singular: string, { factory }: Factory): string {
  return `export default factories.${factory}('api::${singular}.${singular}');`;
}

function factoryText(singular: string, factory: Factory): string {
  return `import { factories } from '@strapi/strapi';\n\n${factoryLine(singular, factory)}\n`;
}

function schemaText({ singular, plural, label, pluralLabel }: TypeNames): string {
  const field = (name: string, described: string, description?: string) => ({
    [name]: {
      edit: { label: described, ...(description !== undefined && { description }) },
      list: { label: described },
    },
  });
  const row = (...fields: { name: string; size: number }[]) => fields;
  const wide = (name: string) => ({ name, size: 12 });
  const half = (name: string) => ({ name, size: 6 });
  const schema = {
    kind: 'collectionType',
    collectionName: plural.replaceAll('-', '_'),
    info: {
      singularName: singular,
      pluralName: plural,
      displayName: label,
      description: `${pluralLabel} with a page each, listed at /${plural}/.`,
    },
    options: { draftAndPublish: true },
    attributes: {
      title: { type: 'string', maxLength: 150, required: true },
      slug: { type: 'uid', targetField: 'title', required: true, maxLength: 100 },
      summary: { type: 'text', required: true, maxLength: 400 },
      body: { type: 'richtext', maxLength: 50_000 },
      seo: { type: 'component', component: 'shared.seo', repeatable: false },
    },
    config: {
      settings: {
        mainField: 'title',
        searchable: true,
        filterable: true,
        bulkable: true,
        pageSize: 20,
        defaultSortBy: 'title',
        defaultSortOrder: 'ASC',
      },
      metadatas: {
        ...field('title', 'Title', "The page's main heading."),
        ...field(
          'slug',
          'Slug',
          `The end of the page's address: /${plural}/your-slug/. Lower-case letters, digits and hyphens. Changing it changes the address.`,
        ),
        ...field('summary', 'Summary', 'One or two sentences, shown in lists and below the heading.'),
        ...field('body', 'Text', 'The body of the page.'),
        ...field(
          'seo',
          'Search and sharing',
          'What search engines and shared links show. Leave empty to use title and summary.',
        ),
        ...field('updatedAt', 'Last change'),
      },
      layouts: {
        list: ['title', 'slug', 'updatedAt'],
        edit: [row(half('title'), half('slug')), row(wide('summary')), row(wide('body')), row(wide('seo'))],
      },
    },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function fixtureText({ singular, label }: TypeNames): string {
  return `title: An example of a ${label.toLowerCase()}
slug: example-${singular}
summary: It shows what a page of this kind looks like.
body: |
  Everything here is made up.

  ## What it is about

  A first paragraph below a heading.
`;
}

function catalogText({ singular, camel, pascal, camelPlural, pluralLabel }: TypeNames): string {
  return `import type { ${pascal} } from '@meridian/shared-types';
import { consultationPath, entryPath, listPath } from '../../paths.ts';
import { pageParts } from '../assemble/page-parts.ts';
import { type Assembled, assembled, frameOf, home, plain } from '../assemble/pages.ts';
import type { Library } from '../content.ts';
import type { PageFrame, Site } from '../views.ts';
import { catalog } from './catalog.ts';

/** What a list shows of an entry. */
export interface ${pascal}Card {
  title: string;
  summary: string;
  href: string;
}

export interface ${pascal}ListView extends PageFrame {
  title: string;
  ${camelPlural}: readonly ${pascal}Card[];
}

export interface ${pascal}View extends PageFrame {
  title: string;
  summary: string;
  /** Headings start at h2. */
  html: string | null;
  consultationHref: string;
}

const path = listPath('${singular}');
const title = '${pluralLabel}';

export const ${camel} = catalog({ entries, assemble, assembleList });

function entries(library: Library): ${pascal}[] {
  return library.entries${/^\w+$/.test(singular) ? `.${singular}` : `['${singular}']`}.toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
}

function assembleList(site: Site, library: Library): Assembled<${pascal}ListView> {
  const source = { ...plain, kind: 'CollectionPage', type: 'website', path, title } as const;
  return assembled(pageParts(library, title), [], {
    ...frameOf(source, [home], site, library),
    title,
    ${camelPlural}: entries(library).map(card),
  });
}

function card(entry: ${pascal}): ${pascal}Card {
  return { title: entry.title, summary: entry.summary, href: entryPath('${singular}', entry.slug) };
}

function assemble(entry: ${pascal}, site: Site, library: Library): Assembled<${pascal}View> {
  const parts = pageParts(library, \`${singular} "\${entry.slug}"\`);
  const source = {
    ...plain,
    kind: 'WebPage',
    type: 'website',
    path: entryPath('${singular}', entry.slug),
    title: entry.title,
    summary: entry.summary,
    seo: entry.seo,
  } as const;
  return assembled(parts, [], {
    ...frameOf(source, [home, { label: title, href: path }], site, library),
    title: entry.title,
    summary: entry.summary,
    html: entry.body === null ? null : parts.markdown(entry.body, 'body', 2).html,
    consultationHref: consultationPath(),
  });
}
`;
}

function catalogTestText({ singular, plural, camel, camelPlural, pluralLabel }: TypeNames): string {
  return `import path from 'node:path';
import { expect, test } from 'vitest';
import { documentId, readFakeEntries } from '../../../test/fake-cms.ts';
import { testLibrary } from '../../../test/library.ts';
import { assembleSite } from '../assemble/site.ts';
import { ${camel} } from './${singular}.ts';

const fixture = path.resolve(import.meta.dirname, '../../../../cms/fixture');
const { library } = testLibrary(await readFakeEntries(fixture, new Map()));
const { site } = assembleSite(library);
const { list, entries } = ${camel}.pages(site, library);

test('the list leads to the page of every entry', () => {
  expect(list.view).toMatchObject({ path: '/${plural}/', title: '${pluralLabel}' });
  expect(list.view.${camelPlural}.map(({ href }) => href)).toEqual(entries.map(({ page }) => page.view.path));
});

test('a page shows what staff wrote', () => {
  const shown = ${camel}.page(documentId('${singular}', 'example-${singular}'), site, library);
  const { title, summary } = library.entries${/^\w+$/.test(singular) ? `.${singular}` : `['${singular}']`}.find(({ slug }) => slug === 'example-${singular}') ?? {};
  expect(shown?.view).toMatchObject({ path: '/${plural}/example-${singular}/', title, summary });
  expect(shown?.view.html).toContain('<h2 id="what-it-is-about">');
  expect(shown?.view.breadcrumbs.map(({ href }) => href)).toEqual([
    '/',
    '/${plural}/',
    '/${plural}/example-${singular}/',
  ]);
});
`;
}

function listPageText({ singular, camel, camelPlural, label }: TypeNames): string {
  return `---
import PageTitle from '../../components/PageTitle.astro';
import { ${camel} } from '../../content/catalogs/${singular}.ts';
import { listPage } from '../../content/queries.ts';
import Base from '../../layouts/Base.astro';

const { site, view } = await listPage(${camel});
---

<Base site={site} view={view}>
  <PageTitle title={view.title} />
  <div class="wrap pb-section">
    {view.${camelPlural}.length === 0 ? (
      <p>No ${label.toLowerCase()} has been published yet.</p>
    ) : (
      <ul class="topics">
        {view.${camelPlural}.map((card) => (
          <li class="card border-t-2 border-sage pt-4">
            <h2 class="text-xl font-semibold">
              <a href={card.href}>{card.title}</a>
            </h2>
            <p class="mt-2 text-muted">{card.summary}</p>
          </li>
        ))}
      </ul>
    )}
  </div>
</Base>
`;
}

function entryPageText({ singular, camel, pascal }: TypeNames): string {
  return `---
import ConsultationBand from '../../components/ConsultationBand.astro';
import PageTitle from '../../components/PageTitle.astro';
import { ${camel}, type ${pascal}View } from '../../content/catalogs/${singular}.ts';
import { entryPages } from '../../content/queries.ts';
import type { PageProps } from '../../content/views.ts';
import Base from '../../layouts/Base.astro';

export const getStaticPaths = () => entryPages(${camel});

type Props = PageProps<${pascal}View>;
const { site, view } = Astro.props;
---

<Base site={site} view={view}>
  <article data-pagefind-body>
    <PageTitle title={view.title} summary={view.summary} />
    {view.html !== null && (
      <div class="wrap pb-section">
        <div class="prose max-w-measure" set:html={view.html} />
      </div>
    )}
  </article>
  <div class="wrap pb-section">
    <ConsultationBand clinic={site.clinic} href={view.consultationHref} heading="Talk it through with us" />
  </div>
</Base>
`;
}
