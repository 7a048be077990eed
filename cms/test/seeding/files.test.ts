import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEntryFile, readEntryFiles } from '../../src/seeding/files.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'meridian-files-'));
  await mkdir(join(root, 'topics'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (name: string, text: string): Promise<void> => writeFile(join(root, 'topics', name), text);

describe('readEntryFiles', () => {
  it('reads the YAML files of a folder by name and leaves other files alone', async () => {
    await write('b.yaml', 'name: B');
    await write('a.yaml', 'name: A');
    await write('notes.txt', 'not an entry');
    expect((await readEntryFiles(root, 'topics')).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('finds nothing in a folder that is not there', async () => {
    expect(await readEntryFiles(root, 'nothing')).toEqual([]);
  });

  it.each([
    ['name: "unclosed', 'topics/x.yaml: is no valid YAML'],
    ['name: A\nname: B', 'topics/x.yaml: is no valid YAML'],
    ['- a\n- b', 'must hold "field: value" lines'],
    ['', 'must hold "field: value" lines'],
    ['just text', 'must hold "field: value" lines'],
  ])('refuses %j and names the file', async (text, message) => {
    await write('x.yaml', text);
    await expect(readEntryFiles(root, 'topics')).rejects.toThrow(message);
  });

  it('names a file that is missing', async () => {
    await expect(readEntryFile(root, join(root, 'clinic.yaml'))).rejects.toThrow(
      'clinic.yaml: cannot be read',
    );
  });
});
