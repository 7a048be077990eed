import type { Finding } from '../finding.ts';
import { isRecord, textAt, typeOf } from '../parts.ts';
import type { Rule } from '../rule.ts';

/** Characters; search engines cut what is longer. */
const longestTitle = 70;
const longestSearchTitle = 60;
const longestSearchDescription = 160;
const shortestSummary = 40;
const longestSummary = 250;

/** Title and summary are as long as lists and search engines show them. */
export const lengthsRule: Rule = ({ type, entry }) => {
  const findings: Finding[] = [];
  const advise = (rule: string, path: string, message: string, mend: string): void => {
    findings.push({ level: 'advises', rule, path, message, mend });
  };
  const seo = isRecord(entry['seo']) ? entry['seo'] : {};
  const title = textAt(entry, 'title');
  if (title.length > longestTitle && textAt(seo, 'title') === '') {
    advise(
      'title-long',
      'title',
      `${title.length} characters are more than search results show.`,
      `Aim at ${longestTitle}, or fill in a shorter title under "Search and sharing".`,
    );
  }
  const searchTitle = textAt(seo, 'title');
  if (searchTitle.length > longestSearchTitle) {
    advise(
      'title-long',
      'seo.title',
      `${searchTitle.length} characters are more than search results show.`,
      `Aim at ${longestSearchTitle}.`,
    );
  }
  const description = textAt(seo, 'description');
  if (description.length > longestSearchDescription) {
    advise(
      'summary-long',
      'seo.description',
      `${description.length} characters are more than search results show.`,
      `Aim at ${longestSearchDescription}.`,
    );
  }
  if (typeOf(type)?.query.fields.includes('summary') !== true) return findings;
  const summary = textAt(entry, 'summary');
  if (summary !== '' && summary.length < shortestSummary) {
    advise(
      'summary-short',
      'summary',
      `${summary.length} characters tell a patient little.`,
      'Say in one or two sentences what the page answers.',
    );
  }
  if (summary.length > longestSummary) {
    advise(
      'summary-long',
      'summary',
      `${summary.length} characters are long for a list of articles.`,
      `Aim at ${longestSummary}.`,
    );
  }
  return findings;
};
