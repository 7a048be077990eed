import { REDIRECT } from '../links/addresses.ts';
import { REQUEST } from '../requests/addresses.ts';

/** Whether entries of a type are drafted and published: of Meridian's own types all but redirects and requests. */
export function hasDrafts(model: string): boolean {
  return model.startsWith('api::') && model !== REDIRECT && model !== REQUEST;
}
