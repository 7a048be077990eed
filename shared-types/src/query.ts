/** What a REST query can hold: Strapi reads it with `qs`, as nested objects and lists. */
export type QueryValue =
  string | number | boolean | readonly QueryValue[] | { readonly [key: string]: QueryValue };

/** A selection of fields and relations, as Strapi's `fields` and `populate` parameters take it. */
export interface Selection {
  readonly fields: readonly string[];
  readonly populate?: { readonly [attribute: string]: Populate };
}

/** How one attribute is filled in: by one selection, or in a dynamic zone by one for each component. */
export type Populate = Selection | { readonly on: { readonly [component: string]: Selection } };

/** Where the entries of a content type are found, and all that its contract reads. */
export interface ContentQuery extends Selection {
  readonly uid: string;
  readonly kind: 'collectionType' | 'singleType';
  /** The path after `/api/`. */
  readonly endpoint: string;
}

/**
 * Writes a selection as a REST query string, without the `?`. Parameters such as `pagination` or `filters` go in
 * `extra`: `queryString(articleQuery, { pagination: { page: 2, pageSize: 100 } })`.
 */
export function queryString(
  selection: Selection,
  extra: { readonly [parameter: string]: QueryValue } = {},
): string {
  const { fields, populate } = selection;
  return parameters('', { fields, ...(populate && { populate }), ...extra }).join('&');
}

/** Brackets stay as they are: URLs allow them, and encoded they would make the query half as long again. */
function parameters(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${name}=${encodeURIComponent(String(value))}`];
  return Object.entries(value).flatMap(([key, item]) => {
    const part = encodeURIComponent(key);
    return parameters(name === '' ? part : `${name}[${part}]`, item);
  });
}
