import { useCallback, useEffect, useState } from 'react';
import { useFetchClient } from '@strapi/strapi/admin';

/** What an admin route answered: null while it is being asked, `failed` when it could not be. */
export interface Answer<Data> {
  data: Data | null;
  failed: boolean;
  reload: () => void;
}

/** Asks an admin route, again whenever `key` changes and, with `every`, in that many milliseconds. */
export function useAnswer<Data>(path: string, key: string, every?: number): Answer<Data> {
  const { get } = useFetchClient();
  const [data, setData] = useState<Data | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  const reload = useCallback(() => {
    setRound((count) => count + 1);
  }, []);

  useEffect(() => {
    const controller = new AbortController();
    get<Data>(path, { signal: controller.signal }).then(
      (answer) => {
        setData(answer.data);
        setFailed(false);
      },
      () => {
        if (!controller.signal.aborted) setFailed(true);
      },
    );
    return () => {
      controller.abort();
    };
    // `get` is a new function at each rendering.
  }, [path, key, round]);

  useEffect(() => {
    if (every === undefined) return;
    const timer = setInterval(reload, every);
    return () => {
      clearInterval(timer);
    };
  }, [every, reload]);

  return { data, failed, reload };
}
