import { shorten } from './text.ts';

/** A source where it was found, as far as it tells whether another one with its id is the same. */
export interface Found {
  file: string;
  id: string;
  title: string;
  address: string;
}

/** What the report says of sources that do not come, for an earlier one has their id. */
export interface Repeats {
  add: (repeat: Found, earlier: Found) => void;
  /** For a person: each text file by its name, and one line for the posts and pages of an export. */
  files: () => { file: string; text: string }[];
  /** Posts and pages that exports hold twice, by their number. */
  leftOut: () => string[];
}

/** Begins to gather them. */
export function repeats(): Repeats {
  const files: { file: string; text: string }[] = [];
  const twice = new Map<string, number>();
  const others = new Map<string, { count: number; first: string }>();
  return {
    add: ({ file, id, title, address }, earlier) => {
      if (!id.startsWith('wordpress:')) {
        const shown = shorten(id.replace(/^id:/, ''), 100);
        const text = `It did not come, for ${earlier.file} has the same id "${shown}". Give it another id, or delete it, and import again.`;
        files.push({ file, text });
      } else if (title === earlier.title && address === earlier.address) {
        // Exports may overlap.
        twice.set(file, (twice.get(file) ?? 0) + 1);
      } else {
        const { count, first } = others.get(file) ?? { count: 0, first: shorten(title || address, 100) };
        others.set(file, { count: count + 1, first });
      }
    },
    files: () => [
      ...files,
      ...[...others].map(([file, { count, first }]) => ({
        file,
        text: `Posts or pages that did not come, for others before them have the same number (wp:post_id): ${String(count)}, first "${first}". Give each a number of its own in the file, and import again.`,
      })),
    ],
    leftOut: () =>
      [...twice].map(([file, count]) => `${file}: post or page that had come already (${String(count)})`),
  };
}
