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

/** A private column that holds text, for a test to write a word into. */
export interface PrivateColumn {
  table: string;
  column: string;
}

interface Attribute {
  type: string;
  private?: boolean;
  target?: string;
  component?: string;
  components?: string[];
}

interface Schema {
  collectionName: string;
  attributes: Record<string, Attribute>;
}

/** A way to a field in a filter: `['author', 'createdBy', 'password']`. */
type Way = readonly string[];

const CMS = resolve(import.meta.dirname, '..');
const require = createRequire(join(CMS, 'package.json'));
const TEXTS = ['string', 'text', 'richtext', 'enumeration', 'email', 'uid'];

/** What stands in every private text of the database under test, and what the questions look for. */
export const PRIVATE_WORD = 'privatequagga';

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

/** The private texts of the types that the API shows. */
export function privateColumns(): PrivateColumn[] {
  const open = openTypes();
  return [...schemas]
    .filter(([uid]) => open.has(uid))
    .flatMap(([, { collectionName: table, attributes }]) =>
      Object.entries(attributes)
        .filter(([, attribute]) => attribute.private === true && TEXTS.includes(attribute.type))
        .map(([name]) => ({
          table,
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
 * relations, media and components.
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
    return places.flatMap((place, at) =>
      privateWays(uid).flatMap((way, index) => [
        ...filters(place, way, some(index)),
        ...(at === 0 ? sorts(place, way) : []),
        ...selections(place, way),
      ]),
    );
  });
  return [...new Map(all.map((each) => [each.ask, each])).values()];
}

function filters(place: string, way: Way, names: readonly string[]): Question[] {
  const field = way.map((part) => `[${part}]`).join('');
  const values = (name: string): string[] =>
    ['$in', '$notIn', '$between'].includes(name)
      ? [`[${name}][0]=${PRIVATE_WORD}&filters${field}[${name}][1]=zzz`]
      : [`[${name}]=${PRIVATE_WORD}`];
  const plain = names.flatMap(values).map((value) => `filters${field}${value}`);
  const wrapped = ['[$and][0]', '[$or][0]', '[$not]'].map(
    (group) => `filters${group}${field}[$startsWith]=${PRIVATE_WORD}`,
  );
  return [...plain, `filters${field}=${PRIVATE_WORD}`, ...wrapped].map((query) => ({
    ask: `${place}?${query}`,
    control: place,
  }));
}

function sorts(place: string, way: Way): Question[] {
  const dotted = way.join('.');
  const nested = `sort${way.map((part) => `[${part}]`).join('')}`;
  return [`sort=${dotted}`, `sort=${dotted}:desc`, `sort[0]=${dotted}:desc`, `${nested}=desc`].map(
    (query) => ({
      ask: `${place}?${query}`,
      control: place,
    }),
  );
}

function selections(place: string, way: Way): Question[] {
  const [first = '', ...rest] = way;
  const last = way.at(-1) ?? '';
  if (rest.length === 0) {
    return [`fields[0]=${first}`, `populate=${first}`, `populate[0]=${first}`, `populate[${first}]=true`].map(
      (query) => ({
        ask: `${place}?${query}`,
        control: query.startsWith('fields') ? `${place}?fields[0]=id` : place,
      }),
    );
  }
  const inner = rest.map((part) => `[${part}]`).join('');
  const above = way.slice(0, -1).join('.');
  const populated = { control: `${place}?populate[${first}]=true` };
  return [
    { ask: `${place}?populate[${first}][filters]${inner}[$startsWith]=${PRIVATE_WORD}`, ...populated },
    { ask: `${place}?populate[${first}][sort]=${rest.join('.')}:desc`, ...populated },
    {
      ask: `${place}?populate[${first}][fields][0]=${last}`,
      control: `${place}?populate[${first}][fields][0]=id`,
    },
    { ask: `${place}?populate=${above}`, control: null },
    { ask: `${place}?populate[${first}][populate]=*`, control: null },
    { ask: `${place}?populate[${first}][_q]=${PRIVATE_WORD}`, ...populated },
  ];
}

function privateWays(uid: string): Way[] {
  const { attributes } = schemaOf(uid);
  const own = privateFields(uid).map((name) => [name]);
  const behind = Object.entries(attributes).flatMap(([name, attribute]) =>
    [...targetsOf(attribute)].flatMap(([way, target]) => [
      ...privateFields(target).map((field) => [name, ...way, field]),
      ...[...CREATORS].flatMap((creator) => SECRETS.map((secret) => [name, ...way, creator, secret])),
    ]),
  );
  const creators = CREATORS.flatMap((creator) =>
    ['id', ...Object.keys(schemaOf('admin::user').attributes)].map((field) => [creator, field]),
  );
  return [...own, ...creators, ...behind];
}

const CREATORS = ['createdBy', 'updatedBy'];
const SECRETS = ['password', 'email', 'resetPasswordToken'];

/** The types that an attribute leads to, each with the way within the attribute. */
function targetsOf({ type, target, component }: Attribute): [Way, string][] {
  if (type === 'relation' && target !== undefined) return [[[], target]];
  if (type === 'media') return [[[], 'plugin::upload.file']];
  if (type !== 'component' || component === undefined) return [];
  const inside = components.get(component);
  return Object.entries(inside?.attributes ?? {}).flatMap(([name, attribute]) =>
    targetsOf(attribute).map(([way, uid]): [Way, string] => [[name, ...way], uid]),
  );
}

function privateFields(uid: string): string[] {
  const named = Object.entries(schemaOf(uid).attributes)
    .filter(([, attribute]) => attribute.private === true)
    .map(([name]) => name);
  return [...named, ...CREATORS];
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
