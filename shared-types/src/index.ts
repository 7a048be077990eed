export * from './generated/index.ts';
export { mediaQuery, mediaSchema, type Media } from './media.ts';
export { type Entry } from './entry.ts';
export { hasSlug, type ContentType, type Relation } from './content-type.ts';
export { queryString, type ContentQuery, type Populate, type QueryValue, type Selection } from './query.ts';
export { describeIssues } from './issues.ts';
export { entryFolders, publicPath, readPublicPath } from './addresses.ts';
export { isTimeZone } from './time-zone.ts';
export { entryLink, readEntryLink, type EntryLink } from './entry-links.ts';
export {
  largestMessage,
  messageSchema,
  messagesPath,
  publishingStates,
  statusSchema,
  type FaultyEntry,
  type Message,
  type PastRelease,
  type PublishingState,
  type Status,
} from './messages.ts';
export {
  consultationRequestSchema,
  intakeAnswerSchema,
  intakeSchema,
  isPlainLine,
  isPlainText,
  keptReferencePattern,
  preferredDays,
  preferredTimes,
  referenceAlphabet,
  referenceOf,
  referencePattern,
  requestLimits,
  type ConsultationRequest,
} from './consultation-request.ts';
export { requestsStatusSchema, type RequestsStatus } from './requests-status.ts';
