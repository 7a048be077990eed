import { createReadStream } from 'node:fs';

/** Text of a file, piece by piece, and how it had to be read. */
export interface Decoded {
  pieces: AsyncIterable<string>;
  /** Known at the end: lines that are no UTF-8 although the file is, and were read as Windows-1252. */
  mendedLines: () => number;
}

/** The longest piece without an end of a line that is held back. */
const LONGEST = 1024 * 1024;

/**
 * Reads a text file as what it is: UTF-16 with a byte order mark, the encoding that an XML declaration or an HTML meta
 * tag names, or UTF-8, in which single lines of another encoding are mended.
 */
export function decodeFile(path: string): Decoded {
  let mended = 0;
  async function* pieces(): AsyncGenerator<string> {
    let decode: ((bytes: Buffer, last: boolean) => string) | undefined;
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      decode ??= decoder(chunk);
      const text = decode(chunk, false);
      if (text !== '') yield text;
    }
    const rest = decode?.(Buffer.alloc(0), true) ?? '';
    if (rest !== '') yield rest;
  }
  return { pieces: pieces(), mendedLines: () => mended };

  function decoder(head: Buffer): (bytes: Buffer, last: boolean) => string {
    const name = encodingOf(head);
    if (name !== 'utf-8') {
      const text = new TextDecoder(name);
      return (bytes, last) => text.decode(bytes, { stream: !last });
    }
    let held = Buffer.alloc(0);
    let isFirst = true;
    return (bytes, last) => {
      const all = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const end = last ? all.length : wholeLines(all);
      held = Buffer.from(all.subarray(end));
      const text = decodeMending(all.subarray(0, end));
      const first = isFirst;
      isFirst = isFirst && text === '';
      return first ? text.replace(/^\ufeff/, '') : text;
    };
  }

  function decodeMending(bytes: Buffer): string {
    try {
      return strict(bytes);
    } catch {
      const lines: string[] = [];
      for (let from = 0; from < bytes.length;) {
        const end = bytes.indexOf(0x0a, from) + 1;
        const line = bytes.subarray(from, end === 0 ? bytes.length : end);
        lines.push(decodeLine(line));
        from += line.length;
      }
      return lines.join('');
    }
  }

  function decodeLine(line: Buffer): string {
    try {
      return strict(line);
    } catch {
      mended += 1;
      return new TextDecoder('windows-1252').decode(line);
    }
  }
}

/** All text of a file. */
export async function readText(path: string): Promise<{ text: string; mendedLines: number }> {
  const { pieces, mendedLines } = decodeFile(path);
  const all: string[] = [];
  for await (const piece of pieces) all.push(piece);
  return { text: all.join(''), mendedLines: mendedLines() };
}

function strict(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Length of the whole lines at the beginning; of a very long line, up to a byte that begins a character. */
function wholeLines(bytes: Buffer): number {
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end > 0 || bytes.length < LONGEST) return end;
  let at = bytes.length;
  while (at > 0 && (bytes[at - 1] ?? 0) >= 0x80) at -= 1;
  return at > 0 || bytes.length < 4 * LONGEST ? at : bytes.length;
}

function encodingOf(head: Buffer): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const beginning = head.subarray(0, 1024).toString('latin1');
  const declared =
    /^\s*<\?xml[^>]*\bencoding=["']([\w-]+)/.exec(beginning)?.[1] ??
    /<meta[^>]+charset=["']?([\w-]+)/i.exec(beginning)?.[1] ??
    'utf-8';
  try {
    const name = new TextDecoder(declared).encoding;
    // A declaration that could be read byte by byte is no UTF-16, whatever it says.
    return name.startsWith('utf-16') ? 'utf-8' : name;
  } catch {
    return 'utf-8';
  }
}
