import type { Questions } from '@meridian/shared-types/checklist';
import { useFetchClient } from '@strapi/strapi/admin';
import { useEffect, useState } from 'react';
import type { ChecklistAnswer } from '../../checklist/route-answers.ts';

/** Milliseconds of quiet before the CMS is asked, so that it is not asked for every letter. */
const QUIET = 500;

/**
 * Asks the CMS what the checklist has to know of the rest: when the questions change, when `version` does, and when
 * somebody comes back to the tab, for pictures are described and entries are published elsewhere.
 *
 * @param questions '' until there are any, else a JSON of them
 */
export function useSurroundings(
  type: string,
  documentId: string,
  questions: string,
  version: string,
): { answer: ChecklistAnswer | null; failed: boolean } {
  const { post } = useFetchClient();
  const [answer, setAnswer] = useState<ChecklistAnswer | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const stop = new AbortController();
    const isStopped = (): boolean => stop.signal.aborted;
    const ask = async (): Promise<void> => {
      try {
        const asked = JSON.parse(questions) as Questions;
        const { data } = await post<ChecklistAnswer>(
          `/meridian/checklist/${type}`,
          { documentId, ...asked },
          { signal: stop.signal },
        );
        if (isStopped()) return;
        setAnswer(data);
        setFailed(false);
      } catch {
        if (!isStopped()) setFailed(true);
      }
    };
    const comeBack = (): void => {
      if (!document.hidden) void ask();
    };
    const timer = setTimeout(() => void ask(), QUIET);
    document.addEventListener('visibilitychange', comeBack);
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', comeBack);
    };
  }, [post, type, documentId, questions, version]);

  return { answer, failed };
}
