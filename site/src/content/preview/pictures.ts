import { mediaAddress, pictureAddresses } from '../../features/pictures/addresses.ts';
import { brandPicture, type StoredPicture } from '../../features/pictures/stored-picture.ts';

/** Size of a picture in running text, whose own size is not known before it is loaded. */
const unknown = { width: 1200, height: 800 };

/**
 * Every picture of the entries, by its path on the CMS, as the preview serves it: unprocessed, below `folder` (such as
 * `/preview/articles/abc/media/`).
 */
export function previewPictures(
  entries: readonly unknown[],
  cmsUrl: string,
  folder: string,
): Map<string, StoredPicture> {
  const pictures = new Map<string, StoredPicture>();
  const add = (address: string, size: { width: number; height: number }) => {
    const name = address.slice(address.lastIndexOf('/') + 1);
    if (!isPictureName(name)) return;
    const src = `${folder}${name}`;
    pictures.set(address, { address, sources: [], src, ...size, share: { path: src, ...size }, files: [] });
  };
  for (const entry of entries) {
    for (const address of pictureAddresses(entry, cmsUrl)) add(address, unknown);
  }
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const url: unknown = Reflect.get(value, 'url');
    const mime: unknown = Reflect.get(value, 'mime');
    if (typeof url === 'string' && typeof mime === 'string' && mime.startsWith('image/')) {
      const address = mediaAddress(url, cmsUrl);
      const width: unknown = Reflect.get(value, 'width');
      const height: unknown = Reflect.get(value, 'height');
      if (address !== null)
        add(address, typeof width === 'number' && typeof height === 'number' ? { width, height } : unknown);
    }
    for (const item of Object.values(value)) visit(item);
  };
  entries.forEach(visit);
  pictures.delete(brandPicture);
  return pictures;
}

/** Whether a name can be that of an uploaded picture: one plain segment of a path. */
export function isPictureName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,250}$/.test(name) && !name.includes('..');
}
