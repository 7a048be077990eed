import { dayOf } from '../../src/features/dates/dates.ts';
import { momentText, openStateText } from '../../src/features/hours/display.ts';
import { openState } from '../../src/features/hours/hours.ts';
import { openingHoursLater } from '../../src/features/hours/promise.ts';
import { telephone } from '../../src/features/telephone/telephone.ts';
import { escapeHtml } from '../../src/html.ts';
import type { ReleaseContent } from '../release/manifest.ts';
import { fillingsAt, fillSlots } from '../slots.ts';
import { type Answers, type FieldName, trapField } from './answers.ts';
import type { Confirmation } from './confirmation-id.ts';
import type { PageTemplate } from './page-template.ts';
import type { FieldError } from './validation.ts';

type Clinic = ReleaseContent['clinic'];

/** Why a form comes back although its answers may be good. */
export type Notice =
  | { kind: 'expired' | 'malformed' | 'unreadable' | 'too-many' | 'failed' }
  | { kind: 'conflict'; reference: string };

/** What the form shows. */
export interface FormState {
  answers: Answers;
  /** The signed token. */
  token: string;
  errors: readonly FieldError[];
  notice: Notice | null;
}

/** Id of the element of a field that a link of the summary leads to. */
export function fieldId(field: FieldName): string {
  return `request-${field}`;
}

/** The consultation page with its form, as somebody who asks for it now gets it. */
export function formPage(
  template: PageTemplate,
  content: ReleaseContent,
  { answers, token, errors, notice }: FormState,
  now: Date,
): string {
  const wrong = errors.length > 0 || notice !== null;
  const messages = Object.fromEntries(
    errors.map(({ field, message }) => [
      `error-${field}`,
      `<span class="sr-only">Error: </span>${escapeHtml(message)}`,
    ]),
  );
  const page = template.render({
    values: { ...answers, form: [token], [trapField]: [] },
    invalid: new Set(errors.map(({ field }) => field)),
    marks: {
      ...messages,
      ...(wrong ? { summary: summary(errors, notice, content.clinic) } : {}),
      call: callFirst(content.clinic, now),
      due: promise(content, now),
    },
    titlePrefix: wrong ? 'Error: ' : '',
  });
  return fillSlots(page, fillingsAt(content, now));
}

/** The page that confirms a request. */
export function confirmationPage(
  template: PageTemplate,
  content: ReleaseContent,
  { reference, dueAt }: Confirmation,
  now: Date,
): string {
  const due = dueAt === null ? null : momentText(new Date(dueAt), content.clinic.timeZone);
  const page = template.render({
    values: {},
    invalid: new Set(),
    marks: {
      reference: escapeHtml(reference),
      due: due === null ? '' : `<p><strong>You will hear from us by ${escapeHtml(due)}.</strong></p>`,
    },
    titlePrefix: '',
  });
  return fillSlots(page, fillingsAt(content, now));
}

/** When the clinic has promised to answer a request that comes now; null: it has not. */
export function dueAt({ clinic, consultation }: ReleaseContent, now: Date): Date | null {
  const hours = consultation?.responseHours ?? null;
  return hours === null ? null : openingHoursLater(clinic, now, hours);
}

/** While somebody answers the phone, calling comes first. */
function callFirst(clinic: Clinic, now: Date): string {
  const state = openState(clinic, now);
  const text = openStateText(state, dayOf(now.toISOString(), clinic.timeZone));
  if (state.state !== 'open' || text === null) return '';
  return (
    `<div class="call-first"><p><strong>${escapeHtml(text)}</strong> The quickest way is to call.</p>` +
    `<p><a class="button" href="${escapeHtml(telephone(clinic.telephone).href)}">Call ${escapeHtml(clinic.telephone)}</a></p></div>`
  );
}

function promise(content: ReleaseContent, now: Date): string {
  const due = dueAt(content, now);
  const text = due === null ? null : momentText(due, content.clinic.timeZone);
  if (text === null) return '';
  return `<p class="due">If you send this now, you will hear from us by <strong>${escapeHtml(text)}</strong>.</p>`;
}

function summary(errors: readonly FieldError[], notice: Notice | null, clinic: Clinic): string {
  const { title, text } = noticeText(notice);
  const links = errors.map(
    ({ field, message }) => `<li><a href="#${fieldId(field)}">${escapeHtml(message)}</a></li>`,
  );
  const phone = telephone(clinic.telephone);
  const call =
    notice === null
      ? ''
      : `<p>You can also call us: <a class="target" href="${escapeHtml(phone.href)}">${escapeHtml(phone.text)}</a></p>`;
  return (
    '<div class="note note-urgent form-summary" id="request-problem" role="alert" tabindex="-1" autofocus aria-labelledby="request-problem-title">' +
    `<h3 id="request-problem-title">${title}</h3>` +
    (text === '' ? '' : `<p>${text}</p>`) +
    (links.length === 0 ? '' : `<ul>${links.join('')}</ul>`) +
    `${call}</div>`
  );
}

function noticeText(notice: Notice | null): { title: string; text: string } {
  switch (notice?.kind) {
    case undefined:
      return { title: 'There is a problem', text: 'Nothing was sent yet. Please correct this:' };
    case 'expired':
      return {
        title: 'This page was open for a long time',
        text: 'Nothing was sent yet, and your answers are still here. Please check them and send again.',
      };
    case 'malformed':
      return {
        title: 'Your request did not arrive whole',
        text: 'Nothing was sent yet. Please check your answers and send again.',
      };
    case 'unreadable':
      return {
        title: 'Your request could not be read',
        text: 'Nothing was sent. It may have been too long. Please fill in the form again.',
      };
    case 'too-many':
      return {
        title: 'Too many requests at the moment',
        text: 'Your request was not sent, and your answers are still here. Please wait some minutes and send again.',
      };
    case 'failed':
      return {
        title: 'We could not take your request',
        text: 'Your request was not sent, and your answers are still here. Please call us, or send again in a few minutes.',
      };
    case 'conflict':
      return {
        title: 'This form was sent before, with other answers',
        text:
          `We have your first request; its reference is <strong>${escapeHtml(notice.reference)}</strong>. To change it, call us. ` +
          'To send these answers as a second request, send the form again.',
      };
  }
}
