import type { Article, Topic } from '@meridian/shared-types';
import { isGone, readLink } from '@meridian/shared-types/checklist';
import type { Heading } from '../../features/markdown/markdown.ts';
import { paragraphsOf } from '../../features/markdown/paragraphs.ts';
import { pictureView } from '../../features/pictures/view.ts';
import { telephone } from '../../features/telephone/telephone.ts';
import { consultationPath } from '../../paths.ts';
import type { Library } from '../content.ts';
import type { ContentsItem, SectionView } from '../views.ts';
import type { PageParts } from './page-parts.ts';

type Section = Article['sections'][number];

/** Fewer parts than this need no table of contents. */
const fewestContents = 3;

/** Sections of a page for display, with the headings that a table of contents shows. */
export interface AssembledSections {
  sections: SectionView[];
  headings: Heading[];
}

/**
 * Puts the sections of a page together. One that cannot be shown (a picture that was not processed, a link without an
 * address) is left out with a warning. `topic` goes with the reader to the consultation page.
 */
export function assembleSections(
  sections: readonly Section[],
  library: Library,
  parts: PageParts,
  topic: Topic | null,
): AssembledSections {
  const headings: Heading[] = [];
  const views = sections.map((section, index) => {
    const view = sectionView(section, `sections.${index}`, headings, { library, parts, topic });
    if (view === null)
      library.warn(`${parts.entry} field sections.${index}: it is left out, for ${lack(section)}.`);
    return view;
  });
  return { sections: views.filter((view) => view !== null), headings };
}

/** A table of contents of two levels; empty when the page is too short for one. */
export function contentsOf(headings: readonly Heading[]): ContentsItem[] {
  const items: { id: string; label: string; children: ContentsItem[] }[] = [];
  for (const { level, id, text } of headings) {
    if (level === 2) items.push({ id, label: text, children: [] });
    else if (level === 3) items.at(-1)?.children.push({ id, label: text, children: [] });
  }
  return items.length < fewestContents ? [] : items;
}

interface Surroundings {
  library: Library;
  parts: PageParts;
  topic: Topic | null;
}

function sectionView(
  section: Section,
  field: string,
  headings: Heading[],
  around: Surroundings,
): SectionView | null {
  const { library, parts } = around;
  const headingId = (text: string, listed = true) => {
    const id = parts.ids.take(text);
    if (listed) headings.push({ level: 2, id, text });
    return id;
  };
  const optionalId = (text: string | null) => (text === null ? null : headingId(text));

  switch (section.__component) {
    case 'section.rich-text': {
      const id = optionalId(section.heading);
      const body = parts.markdown(section.body, `${field}.body`, id === null ? 2 : 3);
      headings.push(...body.headings);
      return { type: 'rich-text', id, heading: section.heading, html: body.html };
    }
    case 'section.call-out':
      return {
        type: 'call-out',
        variant: section.variant,
        id: headingId(section.heading, false),
        heading: section.heading,
        html: parts.markdown(section.body, `${field}.body`, 3).html,
      };
    case 'section.do-and-dont':
      return {
        type: 'do-and-dont',
        id: optionalId(section.heading),
        heading: section.heading,
        doItems: section.doItems.map(({ text }) => text),
        dontItems: section.dontItems.map(({ text }) => text),
      };
    case 'section.faq':
      return {
        type: 'faq',
        id: headingId(section.heading),
        heading: section.heading,
        questions: section.questions.map(({ question, answer }, index) => ({
          id: parts.ids.take(question),
          question,
          html: parts.markdown(answer, `${field}.questions.${index}.answer`, 4).html,
        })),
      };
    case 'section.image': {
      const picture = pictureView(section.image, library.pictures);
      return picture === null
        ? null
        : { type: 'image', picture, caption: section.caption ?? picture.caption };
    }
    case 'section.quote':
      return { type: 'quote', paragraphs: paragraphsOf(section.text), attribution: section.attribution };
    case 'section.call-to-action': {
      const target = callToAction(section, `${field}.url`, around);
      if (target === null) return null;
      return {
        type: 'call-to-action',
        action: section.action,
        id: headingId(section.heading, false),
        heading: section.heading,
        text: section.text,
        ...target,
      };
    }
  }
}

function callToAction(
  section: Extract<Section, { __component: 'section.call-to-action' }>,
  field: string,
  { library, parts, topic }: Surroundings,
): { label: string; href: string } | null {
  switch (section.action) {
    case 'call': {
      const phone = telephone(library.clinic.telephone);
      return { label: section.label ?? `Call ${phone.text}`, href: phone.href };
    }
    case 'consultation':
      return {
        label: section.label ?? 'Ask for a consultation',
        href: consultationPath(topic?.slug ?? null),
      };
    case 'link': {
      const link = section.url === null ? null : readLink(section.url, library);
      if (link === null) return null;
      const label = section.label ?? section.heading;
      if (!link.external) parts.link({ href: link.href, text: label, field });
      return isGone(link) ? null : { label, href: link.href };
    }
  }
}

function lack(section: Section): string {
  return section.__component === 'section.image'
    ? 'its picture cannot be shown'
    : 'its link has no address that is allowed';
}
