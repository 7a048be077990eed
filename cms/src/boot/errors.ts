/** An error whose message is written for the person who can mend it: what, why and what to do. */
export class CmsError extends Error {
  override name = 'CmsError';
}
