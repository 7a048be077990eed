import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from './live-release.ts';
import { compress, type Encoding } from './release/compress.ts';
import { fillingsAt, fillSlots, type SlotFillings } from './slots.ts';

/** A page with its slots filled, ready to be sent. */
export interface SlottedPage {
  body: Buffer;
  etag: string;
}

/** Fills the slots of pages of the live release. */
export interface SlottedPages {
  /** Null: nothing can be said at this moment, and the page is to be sent as it was built. */
  render(release: Release, file: string, encoding: Encoding | null, now: Date): Promise<SlottedPage | null>;
}

/**
 * Renders slotted pages and keeps them while they stay the same: what a slot says is computed once a minute, a page is
 * filled and compressed once for each thing that its slots say.
 */
export function slottedPages(): SlottedPages {
  let releaseId: string | null = null;
  let minute = -1;
  let fillings: SlotFillings = {};
  let spoken = '';
  const pages = new Map<string, Promise<SlottedPage>>();

  function listen(release: Release, now: Date): void {
    const thisMinute = Math.floor(now.getTime() / 60_000);
    if (release.id === releaseId && thisMinute === minute) return;
    const next = fillingsAt(release.content, now);
    const saying = JSON.stringify(next);
    if (release.id !== releaseId || saying !== spoken) pages.clear();
    releaseId = release.id;
    minute = thisMinute;
    fillings = next;
    spoken = saying;
  }

  return {
    async render(release, file, encoding, now) {
      listen(release, now);
      if (Object.keys(fillings).length === 0) return null;
      const key = `${encoding ?? ''} ${file}`;
      const known = pages.get(key);
      if (known !== undefined) return known;
      const page = renderPage(join(release.publicDir, file), encoding, fillings);
      pages.set(key, page);
      page.catch(() => pages.delete(key));
      return page;
    },
  };
}

async function renderPage(
  path: string,
  encoding: Encoding | null,
  fillings: SlotFillings,
): Promise<SlottedPage> {
  const html = Buffer.from(fillSlots(await readFile(path, 'utf8'), fillings));
  const hash = createHash('sha256').update(html).digest('base64url').slice(0, 27);
  return {
    body: encoding === null ? html : await compress(html, encoding, 'quick'),
    etag: etagOf(hash, encoding),
  };
}

/** Tag of one encoding of a content: strong, since each encoding has its own. */
export function etagOf(hash: string, encoding: Encoding | null): string {
  return encoding === null ? `"${hash}"` : `"${hash}-${encoding}"`;
}
