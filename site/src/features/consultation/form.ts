import { type ConsultationQuestion, preferredTimes } from '@meridian/shared-types';
import { type Library, resolve } from '../../content/content.ts';
import type { ChoiceView, ConsultationFormView, QuestionView } from '../../content/views.ts';
import { pagePath } from '../../paths.ts';
import { daysOfWeek, type DayOfWeek, stretchesOfWeek } from '../hours/hours.ts';
import { paragraphsOf } from '../markdown/paragraphs.ts';

type About = ConsultationQuestion['about'];
type TimeOfDay = (typeof preferredTimes)[number];

const noon = 12 * 60;
const evening = 17 * 60;
const timesOfDay: Record<TimeOfDay, { label: string; from: number; to: number }> = {
  morning: { label: 'Morning, before noon', from: 0, to: noon },
  afternoon: { label: 'Afternoon, noon to 5 pm', from: noon, to: evening },
  evening: { label: 'Evening, after 5 pm', from: evening, to: 24 * 60 },
};

/** The request form of the consultation page as patients see it; null: the clinic has none. */
export function requestForm(library: Library): ConsultationFormView | null {
  const { form } = library.consultationPage;
  if (form === null) return null;
  const privacy = library.pages.find(({ slug }) => slug === 'privacy');
  return {
    heading: form.heading,
    intro: form.intro,
    questions: askedQuestions(library).map((question) => questionView(question, library)),
    consent: form.consent,
    privacy: privacy === undefined ? null : { label: privacy.title, href: pagePath(privacy.slug) },
    confirmation: paragraphsOf(form.confirmation),
    changes: form.changes === null ? [] : paragraphsOf(form.changes),
  };
}

/** What the server must know of the form to check what comes back; null: the clinic has no form. */
export function requestFormManifest(library: Library) {
  const { form } = library.consultationPage;
  if (form === null) return null;
  return {
    questions: askedQuestions(library).map(({ about }) => about),
    topics: library.topics.map(({ documentId, slug }) => ({ id: documentId, slug })),
    providers: consultants(library).map(({ documentId }) => documentId),
    days: offeredDays(library),
    times: offeredTimes(library),
    responseHours: form.responseHours,
  };
}

/** Each question once, and none that has nothing to choose from. */
function askedQuestions(library: Library): ConsultationQuestion[] {
  const seen = new Set<About>();
  const questions = library.consultationPage.form?.questions ?? [];
  return questions.filter((question) => {
    const { about } = question;
    const empty =
      (about === 'topic' && library.topics.length === 0) ||
      (about === 'provider' && consultants(library).length === 0);
    if (seen.has(about)) {
      library.warn(
        `consultation-page field form.questions: "${question.label}" is left out, for the form asks about ${about} already.`,
      );
    }
    const asked = !empty && !seen.has(about);
    seen.add(about);
    return asked;
  });
}

function questionView({ about, label, reason }: ConsultationQuestion, library: Library): QuestionView {
  return { about, label, reason, choices: choicesOf(about, library) };
}

function choicesOf(about: About, library: Library): ChoiceView[] {
  switch (about) {
    case 'topic':
      return [
        { value: '', label: 'Not sure, or something else' },
        ...library.topics.map(({ documentId, name }) => ({ value: documentId, label: name })),
      ];
    case 'provider':
      return [
        { value: '', label: 'No preference' },
        ...consultants(library).map(({ documentId, name, credentials }) => ({
          value: documentId,
          label: credentials === null ? name : `${name}, ${credentials}`,
        })),
      ];
    case 'days':
      return offeredDays(library).map((day) => ({ value: day, label: day }));
    case 'times':
      return offeredTimes(library).map((time) => ({ value: time, label: timesOfDay[time].label }));
    case 'returning':
      return [
        { value: 'no', label: 'No, I am new' },
        { value: 'yes', label: 'Yes' },
      ];
    case 'message':
      return [];
  }
}

/** Who sees patients for a consultation: those that the page names, or everybody. */
function consultants(library: Library) {
  const chosen = resolve(library.consultationPage.providers, library.providerById);
  return chosen.length > 0 ? chosen : library.providers;
}

/** Days on which the clinic opens; every day when it has not stated its hours. */
function offeredDays({ clinic }: Library): DayOfWeek[] {
  const open = daysOfWeek.filter((day) => clinic.openingHours.some(({ dayOfWeek }) => dayOfWeek === day));
  return open.length > 0 ? open : [...daysOfWeek];
}

/** Times of day at which the clinic is open on some day; all when it has not stated its hours. */
function offeredTimes({ clinic }: Library): TimeOfDay[] {
  const stretches = stretchesOfWeek(clinic);
  const open = preferredTimes.filter((time) =>
    stretches.some(({ from, to }) => from < timesOfDay[time].to && to > timesOfDay[time].from),
  );
  return open.length > 0 ? open : [...preferredTimes];
}
