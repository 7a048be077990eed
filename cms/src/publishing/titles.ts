/** The fields that staff know an entry by, whatever its type. */
export interface Titled {
  title?: string | null;
  name?: string | null;
  slug?: string | null;
  /** A redirect has none of these, and is known by the address that moved. */
  from?: string | null;
}

interface NamedType {
  kind: 'collectionType' | 'singleType';
  info: { displayName: string };
}

/** What staff call an entry: its title or name; a single type is known by the name of its type. */
export function titleOf({ kind, info }: NamedType, entry: Titled | null): string | null {
  if (kind === 'singleType') return info.displayName;
  return entry?.title ?? entry?.name ?? entry?.slug ?? entry?.from ?? null;
}
