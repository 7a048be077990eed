import { detached } from './text.ts';

/** As many lines of one kind about one entry as somebody reads. */
const MOST = 20;

/** What the report says about one entry, or about a file as a whole. */
export interface Notes {
  /** What came otherwise than it was. */
  readonly changed: readonly string[];
  /** What a person has to look at. */
  readonly person: readonly string[];
  readonly change: (text: string) => void;
  readonly ask: (text: string) => void;
}

/** Begins the notes about one entry. The same line counts once; beyond twenty of a kind only their number is kept. */
export function notes(): Notes {
  const changed = lines();
  const person = lines();
  return {
    get changed() {
      return changed.all();
    },
    get person() {
      return person.all();
    },
    change: changed.add,
    ask: person.add,
  };
}

function lines() {
  const texts = new Set<string>();
  let more = 0;
  return {
    add: (text: string): void => {
      if (texts.has(text)) return;
      if (texts.size < MOST) texts.add(detached(text));
      else more += 1;
    },
    all: (): string[] => (more === 0 ? [...texts] : [...texts, `And ${String(more)} more of the kind.`]),
  };
}
