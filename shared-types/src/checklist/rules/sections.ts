import type { Finding } from '../finding.ts';
import { type Entry, isRecord, itemsAt, sectionsOf, textAt, typeOf } from '../parts.ts';
import type { Rule } from '../rule.ts';

/** Sections hold something, and a call to action that links leads somewhere. */
export const sectionsRule: Rule = ({ type, entry }) => {
  const sections = sectionsOf(entry);
  const findings = sections.flatMap(({ path, section }): Finding[] => {
    if (isEmptySection(section)) {
      return [
        {
          level: 'blocks',
          rule: 'section-empty',
          path,
          message: 'the section is empty.',
          mend: 'Fill it in, or delete it.',
        },
      ];
    }
    const leads = section['__component'] === 'section.call-to-action' && section['action'] === 'link';
    if (!leads || textAt(section, 'url') !== '') return [];
    return [
      {
        level: 'blocks',
        rule: 'section-link',
        path: `${path}.url`,
        message: 'the button leads nowhere, so the section would be left out.',
        mend: 'Fill in the address, or choose another action.',
      },
    ];
  });
  const hasZone = typeOf(type)?.query.populate?.['sections'] !== undefined;
  if (hasZone && sections.length === 0 && (type === 'article' || type === 'page')) {
    findings.push({
      level: 'advises',
      rule: 'sections-none',
      path: 'sections',
      message: 'the page has no sections, so patients read nothing but its title and summary.',
      mend: 'Add a text under Sections.',
    });
  }
  return findings;
};

/** Whether nothing of a section would be seen below its heading. */
export function isEmptySection(section: Entry): boolean {
  switch (section['__component']) {
    case 'section.rich-text':
    case 'section.call-out':
      return textAt(section, 'body') === '';
    case 'section.quote':
      return textAt(section, 'text') === '';
    case 'section.do-and-dont':
      return [...itemsAt(section, 'doItems'), ...itemsAt(section, 'dontItems')].every(
        (item) => !isRecord(item) || textAt(item, 'text') === '',
      );
    case 'section.faq':
      return itemsAt(section, 'questions').every(
        (item) => !isRecord(item) || (textAt(item, 'question') === '' && textAt(item, 'answer') === ''),
      );
    case 'section.image':
      return !isRecord(section['image']);
    case 'section.call-to-action':
      return textAt(section, 'heading') === '' && textAt(section, 'text') === '';
    default:
      return false;
  }
}
