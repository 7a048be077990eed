import { localAddress } from '../scripts/cms.ts';
import { OperatorError } from '../scripts/errors.ts';
import type { Settings } from '../scripts/settings.ts';
import { articleText } from './article-text.ts';

/** Works in the admin as staff do, through the API that the admin panel itself uses. */
export interface Editor {
  /** Makes and publishes articles until the CMS has `count`. */
  fillTo(count: number): Promise<void>;
  /** One published article that the bench made. */
  someArticle(): Promise<{ readonly documentId: string; readonly slug: string }>;
  /** Changes the summary of a published article and publishes it. */
  change(documentId: string, summary: string): Promise<void>;
}

const AT_ONCE = 4;
const articles = '/content-manager/collection-types/api::article.article';

interface List {
  readonly results: readonly { readonly documentId: string; readonly id: number; readonly slug?: string }[];
  readonly pagination: { readonly total: number };
}

/** Signs in as the first admin. @throws OperatorError when the CMS refuses */
export async function signIn(settings: Settings): Promise<Editor> {
  const url = localAddress(settings.cms);
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = settings.env;
  const logIn = async () => {
    const answer = await send('POST', '/admin/login', { email, password }, undefined);
    return ((await answer.json()) as { data: { token: string } }).data.token;
  };
  let token = await logIn();

  const topics = await list('/content-manager/collection-types/api::topic.topic?pageSize=100');
  const providers = await list('/content-manager/collection-types/api::provider.provider?pageSize=100');
  const pictures = await list('/upload/files?page=1&pageSize=100');

  return {
    async fillTo(count) {
      const { pagination } = await list(`${articles}?pageSize=1`);
      let next = pagination.total + 1;
      const work = async () => {
        while (next <= count) await publishArticle(next++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    async someArticle() {
      const { results } = await list(`${articles}?pageSize=1&sort=id:DESC`);
      const { documentId = '', slug = '' } = results[0] ?? {};
      return { documentId, slug };
    },
    async change(documentId, summary) {
      await call('POST', `${articles}/${documentId}/actions/publish`, { summary });
    },
  };

  async function publishArticle(number: number): Promise<void> {
    const turn = <Item>(items: readonly Item[]) => items[number % items.length];
    const [topic, author, picture] = [turn(topics.results), turn(providers.results), turn(pictures.results)];
    await call('POST', `${articles}/actions/publish`, {
      ...articleText(number),
      heroImage: picture?.id,
      topics: { connect: topic === undefined ? [] : [{ documentId: topic.documentId }] },
      author: { connect: author === undefined ? [] : [{ documentId: author.documentId }] },
    });
  }

  async function list(path: string): Promise<List> {
    return (await (await call('GET', path)).json()) as List;
  }

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    const first = await send(method, path, body, token);
    if (first.status !== 401) return accepted(first, path);
    // The token is good for a while only, and filling a CMS may take longer.
    token = await logIn();
    return accepted(await send(method, path, body, token), path);
  }

  async function send(
    method: string,
    path: string,
    body: unknown,
    bearer: string | undefined,
  ): Promise<Response> {
    return fetch(`${url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }
}

async function accepted(response: Response, path: string): Promise<Response> {
  if (response.ok) return response;
  throw new OperatorError(
    `The CMS answers ${path} with status ${response.status}: ${(await response.text()).slice(0, 300)}. Rebuild the CMS (npm run build) and run the bench again.`,
  );
}
