import { dayOf } from '../src/features/dates/dates.ts';
import { openStateText } from '../src/features/hours/display.ts';
import { openState } from '../src/features/hours/hours.ts';
import { escapeHtml } from '../src/html.ts';
import type { ReleaseContent } from './release/manifest.ts';
import { slotMarks, slotNames, type SlotName } from './slot-marks.ts';

/** HTML of each slot that can be filled now. A slot without one keeps what the page was built with. */
export type SlotFillings = Partial<Record<SlotName, string>>;

/** What the slots say at a moment, out of what a release knows of the clinic. */
export function fillingsAt({ clinic }: Pick<ReleaseContent, 'clinic'>, now: Date): SlotFillings {
  const state = openState(clinic, now);
  const text = openStateText(state, dayOf(now.toISOString(), clinic.timeZone));
  if (text === null) return {};
  return { 'open-now': `<p data-state="${state.state}">${escapeHtml(text)}</p>` };
}

/**
 * Puts fillings into the marked slots of a page. All that is outside of the marks, and the marks, stay as they are; a
 * mark without its end is left alone.
 */
export function fillSlots(html: string, fillings: SlotFillings): string {
  let page = html;
  for (const name of slotNames) {
    const filling = fillings[name];
    if (filling !== undefined) page = fillSlot(page, name, filling);
  }
  return page;
}

function fillSlot(html: string, name: SlotName, filling: string): string {
  const { start, end } = slotMarks(name);
  const pieces: string[] = [];
  let rest = 0;
  for (;;) {
    const opening = html.indexOf(start, rest);
    const closing = opening === -1 ? -1 : html.indexOf(end, opening);
    if (closing === -1) break;
    pieces.push(html.slice(rest, opening + start.length), filling);
    rest = closing;
  }
  return pieces.join('') + html.slice(rest);
}
