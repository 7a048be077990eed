export { checklist } from './checklist.ts';
export { anchorsOf } from './anchors.ts';
export { faultText, findingText, placeOf, type Finding, type Level } from './finding.ts';
export { type Entry as ChecklistEntry } from './parts.ts';
export {
  askedAtOnce,
  innerLink,
  longestQuestion,
  mostQuestions,
  questionsOf,
  type InnerLink,
  type KnownEntry,
  type Questions,
  type Surroundings,
} from './surroundings.ts';
export { altOf, describe as describePicture } from './text/alt-text.ts';
export { cleanText } from './text/clean.ts';
export { footnoteSyntax } from './text/footnotes.ts';
export { pageIds, type Ids } from './text/ids.ts';
export { excess } from './text/limits.ts';
export { isGone, isInternal, readLink, type InternalLink, type LinkPlaces, type Link } from './text/links.ts';
export { markdownOptions, textOf } from './text/markdown.ts';
export { isReserved, slugFault, slugify, slugKey } from './text/slug.ts';
