export * from './generated/index.ts';
export { mediaQuery, mediaSchema, type Media } from './media.ts';
export { type Entry } from './entry.ts';
export { type ContentType, type Relation } from './content-type.ts';
export { queryString, type ContentQuery, type Populate, type QueryValue, type Selection } from './query.ts';
export { describeIssues } from './issues.ts';
export {
  consultationRequestSchema,
  intakeAnswerSchema,
  intakeSchema,
  isPlainLine,
  isPlainText,
  preferredDays,
  preferredTimes,
  referenceAlphabet,
  referenceOf,
  referencePattern,
  requestLimits,
  type ConsultationRequest,
} from './consultation-request.ts';
