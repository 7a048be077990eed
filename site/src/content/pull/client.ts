import { setTimeout as wait } from 'node:timers/promises';
import { newRequestId, requestIdHeader } from '@meridian/shared-types/operations';
import { BuildError, messageOf } from '../../errors.ts';

/** How patient the pull is. Times are in milliseconds; `deadline` is for all requests of a pull together. */
export interface Patience {
  attempts: number;
  firstDelay: number;
  requestTimeout: number;
  deadline: number;
}

export const patience: Patience = { attempts: 5, firstDelay: 250, requestTimeout: 20_000, deadline: 300_000 };

/** Reads from the CMS with the build token. */
export interface CmsClient {
  /** The JSON at a path such as `/api/articles?...`; null when the CMS answers 404. */
  json(path: string): Promise<unknown>;
}

/** A fault that another attempt may mend. */
class PassingFault extends Error {}

const stays = 'Nothing was built; the site that is live stays as it is.';

/** How often something was asked for, in words. */
export function wasAsked(attempts: number): string {
  return attempts === 1 ? 'It was asked once.' : `It was asked ${attempts} times.`;
}

/**
 * Makes a client that tries again, with growing pauses, after a broken connection, a server error or an answer that was
 * cut off, until the attempts or the time of the whole pull are used up.
 */
export function cmsClient(cmsUrl: string, token: string, limits: Patience = patience): CmsClient {
  const end = Date.now() + limits.deadline;
  // One for all that a pull asks for: what belongs together is found together in the CMS's log.
  const requestId = newRequestId();
  let last: PassingFault | null = null;
  return {
    async json(path) {
      for (let attempt = 1; ; attempt += 1) {
        const left = end - Date.now();
        if (left <= 0) throw tooLate();
        try {
          return await readJson(path, Math.min(left, limits.requestTimeout));
        } catch (error) {
          if (!(error instanceof PassingFault)) throw error;
          last = error;
          if (Date.now() >= end) throw tooLate();
          if (attempt >= limits.attempts) {
            throw new BuildError(`${error.message} ${wasAsked(attempt)} ${stays}`, {
              cause: error,
            });
          }
        }
        await wait(Math.min(limits.firstDelay * 2 ** (attempt - 1), Math.max(end - Date.now(), 0)));
      }
    },
  };

  async function readJson(path: string, timeout: number): Promise<unknown> {
    const place = path.split('?')[0] ?? path;
    const response = await answer(path, timeout);
    if (response.status === 404) {
      await response.body?.cancel();
      return null;
    }
    if (response.status === 401 || response.status === 403) {
      throw new BuildError(
        `The CMS at ${cmsUrl} refuses ${place} with status ${response.status}. Set CMS_BUILD_TOKEN to the token that the CMS was started with. ${stays}`,
      );
    }
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      throw new PassingFault(
        `The CMS at ${cmsUrl} answers ${place} with status ${response.status}. Look at its log.`,
      );
    }
    if (!response.ok) {
      throw new BuildError(
        `The CMS at ${cmsUrl} refuses the query for ${place} with status ${response.status}. Run "npm run generate" and rebuild the CMS, so that both know the same fields. ${stays}`,
      );
    }
    return await bodyOf(response, place, timeout);
  }

  async function answer(path: string, timeout: number): Promise<Response> {
    try {
      return await fetch(`${cmsUrl}${path}`, {
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          [requestIdHeader]: requestId,
        },
        redirect: 'error',
        signal: AbortSignal.timeout(timeout),
      });
    } catch (error) {
      throw unreachable(error, timeout);
    }
  }

  async function bodyOf(response: Response, place: string, timeout: number): Promise<unknown> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      if (isTimeout(error)) throw unreachable(error, timeout);
      throw new PassingFault(`The CMS at ${cmsUrl} broke off its answer for ${place}.`, { cause: error });
    }
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new PassingFault(`The CMS at ${cmsUrl} sent an answer for ${place} that is cut off or no JSON.`, {
        cause: error,
      });
    }
  }

  function unreachable(error: unknown, timeout: number): PassingFault {
    if (isTimeout(error)) {
      return new PassingFault(
        `The CMS at ${cmsUrl} did not answer within ${seconds(timeout)}. See whether it is busy.`,
        {
          cause: error,
        },
      );
    }
    const reason =
      error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
    return new PassingFault(
      `The CMS at ${cmsUrl} cannot be reached (${reason}). Start it with "npm start", or set CMS_URL to where it is.`,
      { cause: error },
    );
  }

  function tooLate(): BuildError {
    return new BuildError(
      `The CMS at ${cmsUrl} did not deliver all content within ${seconds(limits.deadline)}.${last === null ? '' : ` Last: ${last.message}`} ${stays}`,
      { cause: last },
    );
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toLocaleString('en-US', { maximumFractionDigits: 1 })} s`;
}
