import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer, Clinic } from './clinic.ts';
import type { Fate } from './line.ts';

const types = ['article', 'provider', 'topic', 'page'] as const;
type Type = (typeof types)[number];
const singleTypes = ['clinic', 'home-page', 'navigation', 'consultation-page'] as const;

/** Something that somebody does. Numbers choose among what there is then. */
export type Operation =
  | { kind: 'create'; type: Type; text: number; how: 'draft' | 'published' | 'written' }
  | { kind: 'edit'; type: Type; which: number; text: number; how: 'draft' | 'published' | 'written' }
  | { kind: 'publish' | 'unpublish' | 'delete'; type: Type; which: number }
  | { kind: 'bulk'; action: 'Publish' | 'Unpublish' | 'Delete'; type: Type; which: number[] }
  | { kind: 'plan'; action: 'publish' | 'unpublish'; type: Type; which: number; cancelled: boolean }
  | { kind: 'due' }
  | { kind: 'single'; type: (typeof singleTypes)[number]; text: number; publish: boolean }
  | { kind: 'unpublish-single'; type: (typeof singleTypes)[number] }
  | { kind: 'upload'; colour: number }
  | { kind: 'replace' | 'describe'; which: number; colour: number }
  | { kind: 'delete-file'; which: number }
  | { kind: 'wait'; milliseconds: number };

const number = fc.nat({ max: 999 });
const type = fc.constantFrom(...types);
const how = fc.constantFrom('draft' as const, 'published' as const, 'published' as const, 'written' as const);
const single = fc.constantFrom(...singleTypes);

/** Anything that staff or programs do to content and pictures. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('create' as const), type, text: number, how }) },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constant('edit' as const), type, which: number, text: number, how }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom('publish' as const, 'publish' as const, 'unpublish' as const, 'delete' as const),
      type,
      which: number,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('bulk' as const),
      action: fc.constantFrom('Publish' as const, 'Unpublish' as const, 'Delete' as const),
      type,
      which: fc.array(number, { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('plan' as const),
      action: fc.constantFrom('publish' as const, 'unpublish' as const),
      type,
      which: number,
      cancelled: fc.nat({ max: 3 }).map((chance) => chance === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('due' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('single' as const),
      type: single,
      text: number,
      publish: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unpublish-single' as const), type: single }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('upload' as const), colour: number }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('replace' as const, 'describe' as const),
      which: number,
      colour: number,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete-file' as const), which: number }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.nat({ max: 1_500 }) }),
  },
);

/** What becomes of the messages of a sequence, one after the other and around again. */
export const fates: fc.Arbitrary<Fate[]> = fc.array(
  fc.constantFrom<Fate>('lost', 'lost', 'passed', 'doubled', 'late'),
  { minLength: 1, maxLength: 8 },
);

interface Picture {
  id: number;
  url: string;
}

/** Does operations at a clinic, and remembers what there is. */
export interface Staff {
  /** @returns whether it was accepted, refused or, for want of anything to do it to, left out */
  perform(operation: Operation): Promise<'accepted' | 'refused' | 'left out'>;
  /** Takes away what keeps entries from being shown. */
  mend(entries: readonly { type: string; documentId: string }[]): Promise<void>;
}

const collection = (type: Type) => `/content-manager/collection-types/api::${type}.${type}`;
const singlePath = (type: string) => `/content-manager/single-types/api::${type}.${type}`;
const plurals = { article: 'articles', provider: 'providers', topic: 'topics', page: 'pages' } as const;

/** The staff of a clinic that holds the four single types and nothing else. */
export function staffOf(clinic: Clinic): Staff {
  const entries: Record<Type, string[]> = { article: [], provider: [], topic: [], page: [] };
  const pictures: Picture[] = [];
  let made = 0;

  const pick = <Item>(items: readonly Item[], which: number): Item | undefined => items[which % items.length];
  const some = (type: Type, seed: number): string[] =>
    entries[type].filter((_, index) => (seed >> (index % 8)) % 3 === 0).slice(0, 2);

  /** What an entry says; the same number says the same of the same things. Every twelfth slug cannot be used. */
  function words(type: Type, text: number): Record<string, unknown> {
    const picture = text % 4 === 0 ? (pick(pictures, text)?.id ?? null) : null;
    switch (type) {
      case 'article':
        return {
          title: `Article ${text}`,
          summary: `What article ${text} is about.`,
          heroImage: picture,
          author: text % 3 === 0 ? (pick(entries.provider, text) ?? null) : null,
          topics: some('topic', text),
          relatedArticles: some('article', text),
          sections: sections(text),
        };
      case 'provider':
        return { name: `Provider ${text}`, bio: `**Provider ${text}** helps.`, photo: picture };
      case 'topic':
        return {
          name: `Topic ${text}`,
          kind: text % 2 === 0 ? 'treatment' : 'condition',
          summary: `Topic ${text}.`,
        };
      case 'page':
        return { title: `Page ${text}`, summary: `Page ${text}.`, sections: sections(text) };
    }
  }

  function sections(text: number): object[] {
    const picture = pick(pictures, text);
    const shown = picture !== undefined && text % 5 === 0 ? `\n\n![Of ${text}](${picture.url})` : '';
    // Now and then to something that is not there: then there can be no build until it is mended.
    const link = text % 25 === 7 ? `\n\n[There](/articles/entry-${text}/)` : '\n\n[All](/articles/)';
    return [
      { __component: 'section.rich-text', heading: `On ${text}`, body: `Number ${text}.${link}${shown}` },
    ];
  }

  async function enter(
    type: Type,
    text: number,
    documentId: string | null,
    how: 'draft' | 'published' | 'written',
  ) {
    const path = documentId === null ? '' : `/${documentId}`;
    const data = words(type, text);
    if (documentId === null || text % 20 === 3) {
      made += 1;
      data['slug'] = text % 12 === 5 ? `Not ${made}` : `entry-${text % 12 === 6 ? text : `n${made}`}`;
    }
    if (how === 'written') {
      return clinic.write(documentId === null ? 'POST' : 'PUT', `${plurals[type]}${path}`, data);
    }
    if (how === 'published') return clinic.admin('POST', `${collection(type)}${path}/actions/publish`, data);
    return clinic.admin(documentId === null ? 'POST' : 'PUT', `${collection(type)}${path}`, data);
  }

  function idIn({ body }: Answer): string | undefined {
    return (body as { data?: { documentId?: string } } | null)?.data?.documentId;
  }

  async function act(operation: Operation): Promise<Answer | null> {
    switch (operation.kind) {
      case 'create': {
        const { type, text, how } = operation;
        const answer = await enter(type, text, null, how);
        const id = idIn(answer);
        if (answer.status < 300 && id !== undefined) entries[type].push(id);
        return answer;
      }
      case 'edit': {
        const id = pick(entries[operation.type], operation.which);
        return id === undefined ? null : enter(operation.type, operation.text, id, operation.how);
      }
      case 'publish':
      case 'unpublish':
      case 'delete': {
        const { type, kind, which } = operation;
        const id = pick(entries[type], which);
        if (id === undefined) return null;
        if (kind !== 'delete') return clinic.admin('POST', `${collection(type)}/${id}/actions/${kind}`, {});
        const answer = await clinic.admin('DELETE', `${collection(type)}/${id}`);
        if (answer.status < 300) forget(type, [id]);
        return answer;
      }
      case 'bulk': {
        const { type, action, which } = operation;
        const documentIds = [...new Set(which.map((each) => pick(entries[type], each)))].filter(
          (id) => id !== undefined,
        );
        if (documentIds.length === 0) return null;
        const answer = await clinic.admin('POST', `${collection(type)}/actions/bulk${action}`, {
          documentIds,
        });
        if (answer.status < 300 && action === 'Delete') forget(type, documentIds);
        return answer;
      }
      case 'plan': {
        const { type, action, cancelled, which } = operation;
        const documentId = pick(entries[type], which);
        if (documentId === undefined) return null;
        const localTime = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16);
        const wish = { type: `api::${type}.${type}`, documentId, action, localTime };
        const answer = await clinic.admin('POST', '/meridian/schedule/actions', wish);
        if (!cancelled || answer.status >= 300) return answer;
        const { id } = answer.body as { id: number };
        return clinic.admin('POST', `/meridian/schedule/actions/${id}/cancel`, {});
      }
      case 'due':
        await clinic.runDue();
        return { status: 200, body: null, text: '' };
      case 'single': {
        const { type, text, publish } = operation;
        const data = singleWords(type, text);
        return publish
          ? clinic.admin('POST', `${singlePath(type)}/actions/publish`, data)
          : clinic.admin('PUT', singlePath(type), data);
      }
      case 'unpublish-single':
        return clinic.admin('POST', `${singlePath(operation.type)}/actions/unpublish`, {});
      case 'upload': {
        const answer = await clinic.upload(operation.colour, `Colour ${operation.colour}`);
        const picture = [answer.body].flat()[0] as Picture | undefined;
        if (answer.status < 300 && picture !== undefined) pictures.push(picture);
        return answer;
      }
      case 'replace':
      case 'describe': {
        const picture = pick(pictures, operation.which);
        if (picture === undefined) return null;
        const { colour } = operation;
        if (operation.kind === 'replace') return clinic.upload(colour, `Colour ${colour}`, picture.id);
        return clinic.describe(picture.id, `Described as ${colour}`);
      }
      case 'delete-file': {
        const picture = pick(pictures, operation.which);
        if (picture === undefined) return null;
        const answer = await clinic.admin('DELETE', `/upload/files/${picture.id}`);
        if (answer.status < 300) pictures.splice(pictures.indexOf(picture), 1);
        return answer;
      }
      case 'wait':
        await new Promise((resolve) => setTimeout(resolve, operation.milliseconds));
        return { status: 200, body: null, text: '' };
    }
  }

  function singleWords(type: (typeof singleTypes)[number], text: number): Record<string, unknown> {
    switch (type) {
      case 'clinic':
        return { tagline: `Since ${text}`, logo: text % 3 === 0 ? (pick(pictures, text)?.id ?? null) : null };
      case 'home-page':
        return {
          summary: `Home ${text}.`,
          featuredArticles: some('article', text),
          featuredTopics: some('topic', text),
        };
      case 'navigation':
        return { footer: [{ label: `All ${text}`, url: '/articles/' }] };
      case 'consultation-page':
        return { summary: `Ask ${text}.`, providers: some('provider', text) };
    }
  }

  function forget(type: Type, ids: readonly string[]): void {
    entries[type] = entries[type].filter((id) => !ids.includes(id));
  }

  return {
    async perform(operation) {
      const answer = await act(operation);
      if (answer === null) return 'left out';
      // Whatever somebody does, they get an answer that says what to do, never a fault of the CMS.
      const told = `${JSON.stringify(operation)}: ${answer.text}\n${clinic.cms.output().slice(-3_000)}`;
      expect(answer.status, told).toBeLessThan(500);
      return answer.status < 300 ? 'accepted' : 'refused';
    },
    async mend(faulty) {
      for (const { type, documentId } of faulty) {
        const known = types.find((each) => each === type);
        const empty =
          known === 'article'
            ? { sections: [], relatedArticles: [], topics: [], author: null }
            : { sections: [] };
        const answer =
          known === undefined
            ? await clinic.admin(
                'POST',
                `${singlePath(type)}/actions/publish`,
                singleWords(type as 'navigation', 1),
              )
            : await clinic.admin('POST', `${collection(known)}/${documentId}/actions/publish`, empty);
        expect(answer.status, answer.text).toBe(200);
      }
    },
  };
}
