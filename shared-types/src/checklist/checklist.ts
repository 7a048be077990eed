import type { Finding } from './finding.ts';
import { type Entry, partsOf } from './parts.ts';
import type { Rule } from './rule.ts';
import { deadLinksRule } from './rules/dead-links.ts';
import { fieldsRule } from './rules/fields.ts';
import { headingsRule } from './rules/headings.ts';
import { lengthsRule } from './rules/lengths.ts';
import { linksRule } from './rules/links.ts';
import { markupRule } from './rules/markup.ts';
import { picturesRule } from './rules/pictures.ts';
import { referencesRule } from './rules/references.ts';
import { relationsRule } from './rules/relations.ts';
import { reviewRule } from './rules/review.ts';
import { sectionsRule } from './rules/sections.ts';
import { slugRule } from './rules/slug.ts';
import { timeZoneRule } from './rules/time-zone.ts';
import { claimsRule, linkTextRule, paragraphsRule } from './rules/wording.ts';
import type { Surroundings } from './surroundings.ts';

const rules: readonly Rule[] = [
  fieldsRule,
  slugRule,
  sectionsRule,
  markupRule,
  linksRule,
  picturesRule,
  relationsRule,
  reviewRule,
  timeZoneRule,
  lengthsRule,
  headingsRule,
  linkTextRule,
  paragraphsRule,
  referencesRule,
  claimsRule,
  deadLinksRule,
];

/**
 * What keeps an entry from patients and what its editors may want to look at, the former first. Admin, CMS and site
 * build all ask this, so that they agree and use the same words. Whatever the entry holds, nothing is thrown.
 *
 * @param type singular name of the content type, such as `article`
 */
export function checklist(type: string, entry: Entry, around: Surroundings): Finding[] {
  const subject = { type, entry, parts: partsOf(type, entry), around };
  const findings = new Map<string, Finding>();
  for (const finding of rules.flatMap((rule) => rule(subject))) {
    findings.set(JSON.stringify([finding.rule, finding.path, finding.message]), finding);
  }
  const all = [...findings.values()];
  return [
    ...all.filter(({ level }) => level === 'blocks'),
    ...all.filter(({ level }) => level === 'advises'),
  ];
}
