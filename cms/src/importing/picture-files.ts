/** Finds pictures among the files of an import. Only what was found there can be named: no path leads out of it. */
export interface PictureFiles {
  /**
   * The path of the file that an address means: of a relative one the file at that place; of one on the web the file
   * with the same name, and of several the one whose folders are the same too.
   */
  find: (address: string) => string | null;
}

const SIZE = /-\d{1,5}x\d{1,5}(?=\.\w+$)/;
const SCALED = /-(?:scaled|rotated|e\d{10,})(?=\.\w+$)/;

/** @param files paths relative to the folder of the import, with slashes */
export function pictureFiles(files: readonly string[]): PictureFiles {
  const exact = new Map<string, string>();
  const byName = new Map<string, string[]>();
  for (const file of files) {
    exact.set(file.normalize(), file);
    const name = nameOf(file);
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return {
    find(address) {
      if (!URL.canParse(address)) return null;
      const url = new URL(address);
      const path = decoded(url.pathname).replace(/^\/+/, '').normalize();
      if (url.protocol === 'file:') return exact.get(path) ?? null;
      // WordPress shows smaller copies; the picture itself has no size in its name.
      const names = [path.replace(SIZE, ''), path.replace(SIZE, '').replace(SCALED, ''), path];
      for (const wanted of names) {
        const best = nearest(byName.get(nameOf(wanted)) ?? [], wanted);
        if (best !== null) return best;
      }
      return null;
    },
  };
}

/** The one whose folders agree best; null when several do. */
function nearest(files: readonly string[], wanted: string): string | null {
  const scored = files
    .map((file) => ({ file, score: commonEnd(file, wanted) }))
    .sort((a, b) => b.score - a.score);
  const [best, next] = scored;
  return best === undefined || best.score === next?.score ? null : best.file;
}

function commonEnd(a: string, b: string): number {
  const left = a.toLowerCase().split('/').reverse();
  const right = b.toLowerCase().split('/').reverse();
  const end = left.findIndex((part, index) => part !== right[index]);
  return end === -1 ? left.length : end;
}

/** The address of a picture itself, when one of its smaller copies in WordPress is named. */
export function withoutSize(address: string): string {
  return address
    .replace(/[?#].*$/, '')
    .replace(SIZE, '')
    .replace(SCALED, '');
}

function nameOf(path: string): string {
  return (path.split('/').at(-1) ?? '').toLowerCase().normalize();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
