/** Parameters that Strapi's query engine obeys, and that its routes for staff hand on unread (as in CVE-2026-27886). */
const ENGINE = ['where', 'lookup', 'orderBy', 'groupBy', 'select', 'offset'];
/** Parameters that name fields. */
const NAMING = ['filters', 'sort', 'fields', 'populate'];
/** What the admin shows to staff of whoever made an entry, and what every type has, although Strapi calls it private. */
const SHOWN = ['email', 'isActive', 'createdBy', 'updatedBy', 'locale', 'localizations'];
/** The lists from which a relation is chosen. Strapi answers there with whatever the query names: hashes of passwords too. */
const PICKER = /^\/content-manager\/relations\//i;
const ENTRIES = /^\/content-manager\/(?:collection|single)-types\/([^/]+)/i;

interface Attribute {
  type?: string;
  private?: boolean;
  pluginOptions?: { 'content-manager'?: { visible?: boolean } };
}

/** A content type, as far as its attributes tell what nobody is shown. */
interface Type {
  attributes: Record<string, Attribute>;
}

/** A request, before anything has looked at it; `typeOf` gives the content type that a uid means. */
interface Asked {
  path: string;
  query: Readonly<Record<string, unknown>>;
  typeOf: (uid: string) => Type | undefined;
}

/**
 * What is wrong with the query of a request: it reaches past Strapi's checks, or asks for, filters by or sorts by what
 * nobody is shown, such as the hash of a password or the token of a reset. Strapi itself lets such through in the lists
 * of a relation, in `where` of the media library's folders and in a `sort` that is written as a text. Null when nothing
 * is wrong.
 */
export function forbiddenQuestion({ path, query, typeOf }: Asked): string | null {
  const engine = ENGINE.find((name) => name in query);
  if (engine !== undefined) {
    return `Nothing is asked with "${engine}" here. Use filters, sort, fields, populate and pagination.`;
  }
  const naming = NAMING.find((name) => name in query);
  if (naming === undefined) return null;
  if (PICKER.test(path)) {
    return `Entries to choose from are asked without "${naming}". Search them with _q.`;
  }
  const hidden = new Set([
    ...namesOf(
      typeOf('admin::user'),
      (name, attribute) => attribute.private === true && !SHOWN.includes(name),
    ),
    ...namesOf(typeOf(decoded(ENTRIES.exec(path)?.[1] ?? '')), (_, attribute) => isInvisible(attribute)),
  ]);
  const named = NAMING.flatMap((name) => namesIn(query[name], name !== 'filters'));
  const secret = named.find((name) => hidden.has(plain(name)));
  return secret === undefined ? null : `Nothing is filtered, sorted or chosen by "${secret}" here.`;
}

/** What the content manager shows to nobody; people behind a relation are looked at by themselves. */
function isInvisible({ type, pluginOptions }: Attribute): boolean {
  return type !== 'relation' && pluginOptions?.['content-manager']?.visible === false;
}

function namesOf(type: Type | undefined, isMeant: (name: string, attribute: Attribute) => boolean): string[] {
  return Object.entries(type?.attributes ?? {})
    .filter(([name, attribute]) => isMeant(name, attribute))
    .map(([name]) => plain(name));
}

/** Every word that may name a field, whether it is a key, or a text such as `createdBy.password:desc`. */
function namesIn(value: unknown, textsName: boolean): string[] {
  if (typeof value === 'string') return textsName ? wordsOf(value) : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...wordsOf(key),
    // Within a populate stand filters, whose texts are values.
    ...namesIn(inner, textsName && key !== 'filters'),
  ]);
}

function wordsOf(text: string): string[] {
  return text.split(/\W+/);
}

/** The name of an attribute and that of its column (`reset_password_token`) are the same here. */
function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
