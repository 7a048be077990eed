import { useFetchClient } from '@strapi/strapi/admin';
import { useCallback, useEffect, useState } from 'react';

/** Milliseconds between questions while something is under way, and while nothing is. */
const BUSY = 2_000;
const CALM = 15_000;

interface Polled<Answer> {
  /** The last answer; null before the first. */
  answer: Answer | null;
  /** Whether the last question went unanswered. */
  failed: boolean;
  /** Asks again at once. */
  refresh: () => void;
}

/**
 * Asks an admin route again and again: often while something is under way, seldom otherwise, never while the tab is
 * hidden, and at once when the tab comes back or `key` changes.
 *
 * @param isBusy has to be the same function at every render
 */
export function usePolled<Answer>(
  path: string,
  key: string,
  isBusy: (answer: Answer) => boolean,
): Polled<Answer> {
  const { get } = useFetchClient();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asking = false;
    const ask = async (): Promise<void> => {
      clearTimeout(timer);
      if (asking || document.hidden) return;
      asking = true;
      let pause = CALM;
      try {
        const { data } = await get<Answer>(path, { signal: stop.signal });
        if (isStopped(stop)) return;
        setAnswer(data);
        setFailed(false);
        if (isBusy(data)) pause = BUSY;
      } catch {
        if (isStopped(stop)) return;
        setFailed(true);
      } finally {
        asking = false;
      }
      timer = setTimeout(() => void ask(), pause);
    };
    const comeBack = (): void => {
      if (!document.hidden) void ask();
    };
    document.addEventListener('visibilitychange', comeBack);
    void ask();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', comeBack);
    };
  }, [get, path, key, round, isBusy]);

  const refresh = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { answer, failed, refresh };
}

function isStopped({ signal }: AbortController): boolean {
  return signal.aborted;
}
