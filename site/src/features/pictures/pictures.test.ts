import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mediaAddress, pictureAddresses } from './addresses.ts';
import { processPicture } from './process.ts';
import { focusClass } from './view.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pictures-'));
});

afterAll(() => rm(folder, { recursive: true }));

function photo(width: number, height: number) {
  return sharp({ create: { width, height, channels: 3, background: '#3f6f68' } })
    .withExif({ IFD0: { Copyright: 'Canary' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '34/1 1/1 1/1' } })
    .jpeg()
    .toBuffer();
}

describe('a processed picture', () => {
  test('comes in several widths, never wider than it was, with its size', async () => {
    const picture = await processPicture(await photo(1_000, 500), '/uploads/a.jpg', { x: 50, y: 50 }, folder);
    expect(picture).toMatchObject({ width: 1_000, height: 500, share: { width: 1_200, height: 630 } });
    expect(picture.sources.map(({ srcset }) => srcset.match(/\d+w/g))).toEqual([
      ['480w', '960w', '1000w'],
      ['480w', '960w', '1000w'],
    ]);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(picture.files));
  });

  test('is whole when two uploads of the same bytes are processed at once', async () => {
    const bytes = await photo(700, 300);
    const centre = { x: 50, y: 50 };
    const [one, other] = await Promise.all([
      processPicture(bytes, '/uploads/one.jpg', centre, folder),
      processPicture(bytes, '/uploads/other.jpg', centre, folder),
    ]);
    expect(one.files).toEqual(other.files);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(one.files));
  });

  test('stands upright and has lost where it was taken', async () => {
    const lying = await sharp(await photo(200, 100))
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const picture = await processPicture(lying, '/uploads/b.jpg', { x: 0, y: 100 }, folder);
    expect(picture).toMatchObject({ width: 100, height: 200 });
    for (const file of picture.files) {
      const { exif, orientation } = await sharp(path.join(folder, file)).metadata();
      expect({ exif, orientation }).toEqual({ exif: undefined, orientation: undefined });
    }
  });
});

test.each([
  ['/uploads/a.png', '/uploads/a.png'],
  ['http://cms.example/uploads/a.png?x=1', '/uploads/a.png'],
  ['http://evil.example/uploads/a.png', null],
  ['//evil.example/uploads/a.png', null],
  ['/admin/secret.png', null],
  ['/uploads/../api/articles', null],
  ['http://[', null],
])('the picture at %s is looked for at %s', (url, address) => {
  expect(mediaAddress(url, 'http://cms.example')).toBe(address);
});

test('finds the pictures in Markdown, however deep', () => {
  const entry = {
    sections: [{ body: 'a ![x](/uploads/a.png) b ![y](<http://cms.example/uploads/b.png> "t")' }, null],
  };
  expect(pictureAddresses(entry, 'http://cms.example')).toEqual(['/uploads/a.png', '/uploads/b.png']);
});

test.each([
  [null, 'object-center'],
  [{ x: 50, y: 50 }, 'object-center'],
  [{ x: 0, y: 0 }, 'object-left-top'],
  [{ x: 100, y: 40 }, 'object-right'],
  [{ x: 50, y: 90 }, 'object-bottom'],
] as const)('the focal point %j becomes the class %s', (point, name) => {
  expect(focusClass(point)).toBe(name);
});
