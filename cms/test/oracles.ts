import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { contentTypes } from '@meridian/shared-types';

/**
 * A question that must teach nothing: it is refused, or answered as its control is. Both are paths with a query. Without
 * a control the answer may show what is public, and no private word and no author.
 */
export interface Question {
  ask: string;
  control: string | null;
}

/** A private column, for a test to write something into. */
export interface PrivateColumn {
  table: string;
  column: string;
  type: string;
}

interface Attribute {
  type: string;
  private?: boolean;
  target?: string;
  component?: string;
  components?: string[];
}

interface Schema {
  kind?: string;
  collectionName: string;
  attributes: Record<string, Attribute>;
}

/** A way to a field in a filter, such as `['author', 'createdBy', 'password']`, and the type of that field. */
interface Way {
  path: readonly string[];
  type: string;
}

const CMS = resolve(import.meta.dirname, '..');
const require = createRequire(join(CMS, 'package.json'));

/** What stands in private texts of some rows of the database under test, and what the questions look for. */
export const PRIVATE_WORD = 'privatequagga';
/** What stands in those of other rows. */
export const OTHER_WORD = 'zulubird';
/** The same for fields that hold no text. */
export const PRIVATE_VALUES: Readonly<Record<string, readonly [string | number, string | number]>> = {
  integer: [3, 9],
};

/** Every operator that the installed Strapi knows, out of its own source: one that a later version adds is tried too. */
export const operators: readonly string[] = [
  ...new Set(
    Array.from(
      readFileSync(packageFile('@strapi/utils', 'dist/operators.js'), 'utf8').matchAll(/'(\$\w+)'/g),
      ([, name = '']) => name,
    ),
  ),
];

const schemas: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ...globSync('src/api/*/content-types/*/schema.json', { cwd: CMS }).map((file): [string, Schema] => {
    const [, , api = '', , name = ''] = file.split('/');
    return [`api::${api}.${name}`, JSON.parse(readFileSync(join(CMS, file), 'utf8')) as Schema];
  }),
  ['admin::user', installed('@strapi/admin', 'dist/server/server/src/content-types/User.js')],
  ['plugin::upload.file', installed('@strapi/upload', 'dist/server/content-types/file.js')],
]);
const components: ReadonlyMap<string, Schema> = new Map(
  globSync('src/components/*/*.json', { cwd: CMS }).map((file): [string, Schema] => {
    const [, , category = '', name = ''] = file.split('/');
    return [
      `${category}.${name.replace('.json', '')}`,
      JSON.parse(readFileSync(join(CMS, file), 'utf8')) as Schema,
    ];
  }),
);

/** The private columns of what the API shows. */
export function privateColumns(): PrivateColumn[] {
  const shown = new Set([...openTypes(), 'plugin::upload.file']);
  return [...schemas]
    .filter(([uid]) => shown.has(uid))
    .flatMap(([, { collectionName: table, attributes }]) =>
      Object.entries(attributes)
        .filter(([, { private: isPrivate, type }]) => isPrivate === true && type !== 'relation')
        .map(([name, { type }]) => ({
          table,
          type,
          column: name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        })),
    );
}

/** Endpoints of types that have no public one: every field of theirs is private. */
export function closedEndpoints(): string[] {
  const open = openTypes();
  return [...schemas.keys()]
    .filter((uid) => uid.startsWith('api::') && !open.has(uid))
    .map((uid) => `/api/${uid.split('.')[1] ?? ''}s`);
}

function openTypes(): Set<string> {
  return new Set(Object.values(contentTypes).map(({ uid }) => uid));
}

/**
 * Every question about a private field of every type that the API shows, by whatever parameter, directly and through
 * relations, media, components and dynamic zones.
 *
 * @param some gives the operators to try at one way; all of them unless given
 * @param documents one document of each collection, by endpoint, to be looked up by its id
 */
export function questions(
  documents: Readonly<Record<string, string>>,
  some: (index: number) => readonly string[] = () => operators,
): Question[] {
  const all = Object.values(contentTypes).flatMap(({ uid, query: { endpoint } }) => {
    const list = `/api/${endpoint}`;
    const documentId = documents[endpoint];
    const places = documentId === undefined ? [list] : [list, `${list}/${documentId}`];
    // Where there is one row only, a word that matches and one that does not tell different things.
    const isOneRow = schemaOf(uid).kind === 'singleType';
    return places.flatMap((place, at) => [
      ...privateWays(uid).flatMap((way, index) => [
        ...wordsFor(way, isOneRow || at > 0).flatMap((word) => filters(place, way, word, some(index))),
        ...(at === 0 ? sorts(place, way) : []),
        ...selections(place, way),
      ]),
      ...zoneWays(uid).flatMap((zone) => insideZone(place, zone)),
    ]);
  });
  return [...new Map(all.map((each) => [each.ask, each])).values()];
}

/**
 * Questions about what is public, which teach something: whoever looks for lessons must find one in each of them.
 *
 * @param documentId of an article
 */
export function openQuestions(documentId: string): Question[] {
  const list = '/api/articles';
  const one = `${list}/${documentId}`;
  const topics = { control: `${list}?populate[topics]=true` };
  return [
    { ask: `${list}?filters[slug][$startsWith]=a`, control: list },
    { ask: `${list}?filters[$or][0][slug][$eq]=nothing`, control: list },
    { ask: `${list}?filters[topics][slug][$eq]=nothing`, control: list },
    { ask: `${list}?sort=slug:desc`, control: list },
    { ask: `${one}?filters[slug][$eq]=nothing`, control: one },
    { ask: `${list}?populate[topics][filters][slug][$startsWith]=zzz`, ...topics },
    { ask: `${list}?populate[topics][fields][0]=slug`, control: `${list}?populate[topics][fields][0]=id` },
  ];
}

/** The lists of the admin's own API from which a relation is chosen. */
const pickers: readonly string[] = [
  'api::article.article/author',
  'api::article.article/topics',
  'api::consultation-request.consultation-request/assignee',
].map((relation) => `/content-manager/relations/${relation}`);

/**
 * Questions about what is secret of colleagues, in the admin's own API, for staff who may not manage people: through whoever
 * made or works on an entry, a picture or a folder.
 */
export function staffQuestions(): Question[] {
  const secrets = Object.entries(schemaOf('admin::user').attributes)
    // Who made an entry is shown to those who work on it, with an address.
    .filter(([name, attribute]) => attribute.private === true && !['email', 'isActive'].includes(name))
    .map(([name, { type }]) => ({ name, type }));
  const types = [...schemas].filter(([uid]) => uid.startsWith('api::'));
  const lists = [
    ...types.map(
      ([uid, { kind }]) => `/content-manager/${kind === 'singleType' ? 'single' : 'collection'}-types/${uid}`,
    ),
    ...pickers,
    '/upload/files',
    '/upload/folders',
  ];
  return lists.flatMap((list) =>
    PEOPLE.flatMap((person) =>
      secrets.flatMap(({ name, type }) =>
        staffQuestionsAbout(list, { path: [person, name], type }, ['$eq', '$startsWith', '$notContains']),
      ),
    ),
  );
}

/** Questions about a field in a list of the admin's own API. */
export function staffQuestionsAbout(
  list: string,
  way: Way,
  names: readonly string[] = operators,
): Question[] {
  const [first = '', ...rest] = way.path;
  return [
    ...[PRIVATE_WORD, OTHER_WORD].flatMap((word) => filters(list, way, word, names)),
    ...sorts(list, way),
    { ask: `${list}?sort=${first}${rest.map((part) => `["${part}"]`).join('')}`, control: list },
    ...(rest.length === 0 ? [] : populated(list, `populate[${first}]`, rest)),
  ];
}

/** Addresses that would bring a colleague's whole account, or every field, into the answer. */
export function accountAddresses(): string[] {
  return [...pickers, '/upload/files', '/upload/folders'].flatMap((list) =>
    ['fields=*', 'fields=password', 'populate=*', 'populate=createdBy', 'populate[createdBy]=true'].map(
      (query) => `${list}?${query}`,
    ),
  );
}

function wordsFor({ type }: Way, both: boolean): (string | number)[] {
  const [word, other] = PRIVATE_VALUES[type] ?? [PRIVATE_WORD, OTHER_WORD];
  return both ? [word, other] : [word];
}

function filters(place: string, { path }: Way, word: string | number, names: readonly string[]): Question[] {
  const field = bracketed(path);
  const values = (name: string): string[] =>
    ['$in', '$notIn', '$between'].includes(name)
      ? [`[${name}][0]=${word}&filters${field}[${name}][1]=zzz`]
      : [`[${name}]=${word}`];
  const plain = names.flatMap(values).map((value) => `filters${field}${value}`);
  const wrapped = ['[$and][0]', '[$or][0]', '[$not]'].map(
    (group) => `filters${group}${field}[$startsWith]=${word}`,
  );
  // What Strapi asks its database with, behind the API (CVE-2026-27886).
  const inner = ['where', 'lookup'].flatMap((name) => [
    `${name}${field}=${word}`,
    `${name}${field}[$startsWith]=${word}`,
    `${name}[$and][0]${field}[$startsWith]=${word}`,
  ]);
  return [...plain, `filters${field}=${word}`, ...wrapped, ...inner].map((query) => ({
    ask: `${place}?${query}`,
    control: place,
  }));
}

function sorts(place: string, { path }: Way): Question[] {
  const dotted = path.join('.');
  return [
    `sort=${dotted}`,
    `sort=${dotted}:desc`,
    `sort[0]=${dotted}:desc`,
    `sort${bracketed(path)}=desc`,
  ].map((query) => ({ ask: `${place}?${query}`, control: place }));
}

function selections(place: string, { path }: Way): Question[] {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    return [`fields[0]=${first}`, `populate=${first}`, `populate[0]=${first}`, `populate[${first}]=true`].map(
      (query) => ({
        ask: `${place}?${query}`,
        control: query.startsWith('fields') ? `${place}?fields[0]=id` : place,
      }),
    );
  }
  return [
    ...populated(place, `populate[${first}]`, rest),
    { ask: `${place}?populate=${path.slice(0, -1).join('.')}`, control: null },
    { ask: `${place}?populate[${first}][populate]=*`, control: null },
  ];
}

/** What may be asked of what a populate leads to. */
function populated(place: string, populate: string, rest: readonly string[]): Question[] {
  const inner = bracketed(rest);
  const whole = { control: `${place}?${populate}=true` };
  const restrictions = ['filters', 'where', 'lookup'].map(
    (name) => `${populate}[${name}]${inner}[$startsWith]=${PRIVATE_WORD}`,
  );
  return [
    ...restrictions.map((query) => ({ ask: `${place}?${query}`, ...whole })),
    { ask: `${place}?${populate}[sort]=${rest.join('.')}:desc`, ...whole },
    { ask: `${place}?${populate}[_q]=${PRIVATE_WORD}`, ...whole },
    {
      ask: `${place}?${populate}[fields][0]=${rest.at(-1) ?? ''}`,
      control: `${place}?${populate}[fields][0]=id`,
    },
  ];
}

/** A component of a dynamic zone, and a way within it to a private field. */
interface ZoneWay {
  zone: string;
  component: string;
  path: readonly string[];
}

function zoneWays(uid: string): ZoneWay[] {
  return Object.entries(schemaOf(uid).attributes).flatMap(([zone, { components: inside = [] }]) =>
    inside.flatMap((component) =>
      waysBehind(components.get(component)?.attributes ?? {}).map(({ path }) => ({ zone, component, path })),
    ),
  );
}

function insideZone(place: string, { zone, component, path }: ZoneWay): Question[] {
  const [first = '', ...rest] = path;
  const all = `${place}?populate[${zone}]=true`;
  return [
    ...populated(place, `populate[${zone}][on][${component}][populate][${first}]`, rest),
    { ask: `${place}?filters[${zone}]${bracketed(path)}[$startsWith]=${PRIVATE_WORD}`, control: place },
    {
      ask: `${place}?populate[${zone}][filters]${bracketed(path)}[$startsWith]=${PRIVATE_WORD}`,
      control: all,
    },
    { ask: `${place}?sort=${zone}.${path.join('.')}:desc`, control: place },
  ];
}

/** Ways from a type to private fields: its own, those of who made it, and those behind relations, media and components. */
function privateWays(uid: string): Way[] {
  const { attributes } = schemaOf(uid);
  const own = privateFields(uid).map(({ name, type }) => ({ path: [name], type }));
  const creators = CREATORS.flatMap((creator) =>
    [['id', 'integer'] as const, ...typesOf('admin::user')].map(([field, type]) => ({
      path: [creator, field],
      type,
    })),
  );
  return [...own, ...creators, ...waysBehind(attributes)];
}

function waysBehind(attributes: Schema['attributes']): Way[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    targetsOf(attribute).flatMap(({ path, uid }) => [
      ...privateFields(uid).map((field) => ({ path: [name, ...path, field.name], type: field.type })),
      ...CREATORS.flatMap((creator) =>
        SECRETS.map((secret) => ({ path: [name, ...path, creator, secret], type: 'string' })),
      ),
    ]),
  );
}

const CREATORS = ['createdBy', 'updatedBy'];
/** Fields that lead to a colleague. */
const PEOPLE = [...CREATORS, 'assignee'];
const SECRETS = ['password', 'email', 'resetPasswordToken'];

/** The types that an attribute leads to, each with the way within the attribute. */
function targetsOf({ type, target, component }: Attribute): { path: string[]; uid: string }[] {
  if (type === 'relation' && target !== undefined) return [{ path: [], uid: target }];
  if (type === 'media') return [{ path: [], uid: 'plugin::upload.file' }];
  if (type !== 'component' || component === undefined) return [];
  return Object.entries(components.get(component)?.attributes ?? {}).flatMap(([name, attribute]) =>
    targetsOf(attribute).map(({ path, uid }) => ({ path: [name, ...path], uid })),
  );
}

function bracketed(path: readonly string[]): string {
  return path.map((part) => `[${part}]`).join('');
}

function typesOf(uid: string): [name: string, type: string][] {
  return Object.entries(schemaOf(uid).attributes).map(([name, { type }]) => [name, type]);
}

function privateFields(uid: string): { name: string; type: string }[] {
  const { attributes } = schemaOf(uid);
  const named = typesOf(uid)
    .filter(([name]) => attributes[name]?.private === true)
    .map(([name, type]) => ({ name, type }));
  return [...named, ...CREATORS.map((name) => ({ name, type: 'relation' }))];
}

function schemaOf(uid: string): Schema {
  const schema = schemas.get(uid);
  if (schema === undefined)
    throw new Error(`The schema of ${uid} is not known to the test. Add it to "schemas".`);
  return schema;
}

function installed(name: string, file: string): Schema {
  const type = require(packageFile(name, file)) as Schema | { schema: Schema };
  return 'schema' in type ? type.schema : type;
}

function packageFile(name: string, file: string): string {
  return join(require.resolve(`${name}/package.json`), '..', file);
}
