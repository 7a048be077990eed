import { diffLines, diffWordsWithSpace, type Change } from 'diff';

/** A stretch of text that is in both, or in one of two texts only. */
export interface Stretch {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** More insertions and removals than this are not worth reading word by word, and cost more than a person waits. */
const MOST_EDITS = { maxEditLength: 1500, timeout: 300 };
/** Characters of what is the same that are kept beside what is not. */
const AROUND = 80;

/**
 * What changed from one text to another, by words; by lines where too many words changed; as a whole where even that
 * would take too long. Long stretches that are the same are cut.
 */
export function wordChanges(before: string, after: string): Stretch[] {
  const changes = joined(
    diffWordsWithSpace(before, after, MOST_EDITS) ??
      diffLines(before, after, MOST_EDITS) ??
      whole(before, after),
  );
  return changes.map(({ value, added, removed }, index) => {
    if (added || removed) return { kind: added ? 'added' : 'removed', text: value };
    return { kind: 'same', text: cut(value, index === 0, index === changes.length - 1) };
  });
}

/** Words that were replaced one by one, with nothing but space between them, are read as one replaced stretch. */
function joined(changes: readonly Change[]): Change[] {
  const found: Change[] = [];
  let [removed, added] = ['', ''];
  const flush = (): void => {
    found.push(...whole(removed, added).filter(({ value }) => value !== ''));
    [removed, added] = ['', ''];
  };
  for (const [index, change] of changes.entries()) {
    const next = changes[index + 1];
    const isGap = change.value.trim() === '' && (next?.added === true || next?.removed === true);
    if (change.removed) removed += change.value;
    else if (change.added) added += change.value;
    else if (isGap && removed !== '' && added !== '') {
      removed += change.value;
      added += change.value;
    } else {
      flush();
      found.push(change);
    }
  }
  flush();
  return found;
}

function whole(before: string, after: string): Change[] {
  return [
    { value: before, added: false, removed: true, count: 1 },
    { value: after, added: true, removed: false, count: 1 },
  ];
}

function cut(text: string, isFirst: boolean, isLast: boolean): string {
  const [head, tail] = [isFirst ? 0 : AROUND, isLast ? 0 : AROUND];
  if (text.length <= head + tail + AROUND) return text;
  return `${text.slice(0, head)} … ${text.slice(text.length - tail)}`;
}
