import type { EntryState } from '../../publishing/answers.ts';
import { durationText, momentText } from './times.ts';

export type Tone = 'neutral' | 'secondary' | 'success' | 'warning' | 'danger';

/** What staff read about a state: a few words, and what follows from them. */
export interface StateText {
  tone: Tone;
  title: string;
  detail: string;
}

/** How to say it: of one entry or of the whole site, in which time zone, and what time it is. */
export interface Telling {
  subject: 'entry' | 'site';
  timeZone: string;
  now: Date;
  locale?: string;
}

/** Puts a state into words. */
export function stateText(state: EntryState, { subject, timeZone, now, locale }: Telling): StateText {
  const when = (iso: string): string => momentText(iso, timeZone, now, locale);
  switch (state.name) {
    case 'draft-only':
      return { tone: 'neutral', title: 'Draft only', detail: 'Patients do not see this entry.' };
    case 'queued':
      return state.removes
        ? { tone: 'secondary', title: 'Queued', detail: 'It leaves the site with the next build.' }
        : { tone: 'secondary', title: 'Queued', detail: 'The next build puts it on the site.' };
    case 'building': {
      const usual =
        state.expectedSeconds === null ? '' : ` This usually takes ${durationText(state.expectedSeconds)}.`;
      const what = state.removes ? 'It is leaving the site.' : 'The site is being built.';
      return { tone: 'secondary', title: 'Building', detail: `${what}${usual}` };
    }
    case 'live':
      return {
        tone: 'success',
        title: state.since === null ? 'Live' : `Live since ${when(state.since)}`,
        detail:
          subject === 'site'
            ? 'Patients see everything that is published.'
            : 'Patients see what you published last.',
      };
    case 'failed':
      return {
        tone: 'danger',
        title: 'The site could not be built',
        detail:
          `Patients still see what they saw before. ${state.message} ` +
          (state.retrying
            ? 'It is tried again by itself. If this stays, whoever runs the server can mend it.'
            : whoMends(state.faults.length)),
      };
    case 'waiting-for-approval':
      return {
        tone: 'warning',
        title: 'Waiting for a person',
        detail:
          `${state.message} The site has ${String(state.before)} pages and would have ${String(state.after)}. ` +
          'Patients still see what they saw before.',
      };
    case 'rolled-back':
      return {
        tone: 'warning',
        title: 'On hold',
        detail:
          `${state.by} went back to an older release (${when(state.since)}). ` +
          'What is published meanwhile waits until somebody presses Resume.',
      };
    case 'unreachable':
      return {
        tone: 'danger',
        title: 'The site server does not answer',
        detail:
          'What you publish is kept and goes live when the server is back. ' +
          'If this stays, tell whoever runs the server.',
      };
  }
}

function whoMends(faults: number): string {
  if (faults === 0) return 'Whoever runs the server can mend it.';
  const entries = faults === 1 ? 'the entry below' : 'the entries below';
  return `Whoever may publish ${entries} can mend it: open, correct and publish. Then the site is built again.`;
}

/** Whether something is under way that is worth watching closely. */
export function isUnderWay(state: EntryState): boolean {
  return state.name === 'queued' || state.name === 'building';
}

/** What staff call an entry; a single type has the name of its type alone. */
export function entryName(typeName: string, title: string | null): string {
  return title === null || title === typeName ? typeName : `${typeName} “${title}”`;
}
