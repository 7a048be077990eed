/** The entry that a link names, and the place on its page. */
export interface EntryLink {
  /** Singular name of a content type, such as `article`. */
  type: string;
  documentId: string;
  /** Id of a heading on the page, without `#`; empty for the top. */
  anchor: string;
}

const form = /^entry:([a-z][a-z-]*)\/([a-z0-9]+)(?:#([^\s#]*))?$/;

/**
 * Reads an address that names an entry, such as `entry:article/k3j9x0#risks`. It is what is stored where staff picked
 * an entry, in Markdown and in fields alike; the site turns it into the path that the entry has today.
 *
 * @returns null for every other address
 */
export function readEntryLink(address: string): EntryLink | null {
  const [, type, documentId, anchor = ''] = form.exec(address) ?? [];
  return type === undefined || documentId === undefined ? null : { type, documentId, anchor };
}

/** The address that names an entry, as `readEntryLink` reads it. */
export function entryLink({ type, documentId, anchor }: EntryLink): string {
  return `entry:${type}/${documentId}${anchor === '' ? '' : `#${anchor}`}`;
}
