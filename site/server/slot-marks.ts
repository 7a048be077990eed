/** Names of the slots that a page may have. */
export const slotNames = ['open-now', 'consultation-form', 'consultation-received'] as const;

export type SlotName = (typeof slotNames)[number];

interface Marks {
  start: string;
  end: string;
}

/** The two comments between which a slot's content stands. */
export function slotMarks(name: SlotName): Marks {
  return { start: `<!--slot:${name}-->`, end: `<!--/slot:${name}-->` };
}

/** Which slots a page has, for the list of files of a release. */
export function slotsIn(html: string): SlotName[] {
  return slotNames.filter((name) => {
    const marks = slotMarks(name);
    const start = html.indexOf(marks.start);
    return start !== -1 && html.indexOf(marks.end, start) !== -1;
  });
}
