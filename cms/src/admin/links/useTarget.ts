import { readEntryLink } from '@meridian/shared-types/entry-links';
import type { TargetAnswer } from '../../links/answers.ts';
import { useAnswer, type Answer } from '../requests/useAnswer.ts';

/** The entry that a link names; asked anew whenever the link changes. */
export function useTarget(link: string): Answer<TargetAnswer> {
  const { type = '', documentId = '' } = readEntryLink(link) ?? {};
  return useAnswer<TargetAnswer>(`/meridian/links/targets/${type}/${documentId}`, link);
}
