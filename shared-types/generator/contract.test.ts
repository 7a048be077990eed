import { describe, expect, it } from 'vitest';
import { schemaJson } from './checkout.ts';
import { writeContract } from './contract.ts';
import { ContractError, parseComponent, parseType, type Schemas } from './schema.ts';

const articleFile = 'cms/src/api/article/content-types/article/schema.json';

function article(attributes: object) {
  return parseType(articleFile, schemaJson('article', attributes));
}

function component(name: string, attributes: object) {
  return parseComponent(`cms/src/components/${name.replace('.', '/')}.json`, JSON.stringify({ attributes }));
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ContractError) return error.problems;
    throw error;
  }
  return [];
}

function problemsOfAttribute(attribute: object): readonly string[] {
  return problemsOf(() =>
    writeContract({
      types: [article({ subtitle: attribute })],
      components: [component('shared.link', { label: { type: 'string' } })],
    }),
  );
}

describe('an attribute that the contract cannot hold', () => {
  it.each([
    ['json', 'type "json" is not supported'],
    ['password', 'type "password" is not supported'],
    ['blocks', 'type "blocks" is not supported'],
    ['biginteger', 'type "biginteger" is not supported'],
    ['customField', 'type "customField" is not supported'],
    ['constructor', 'type "constructor" is not supported'],
  ])('of type %s is refused with type, attribute and fix', (type, why) => {
    const [problem] = problemsOfAttribute({ type });
    expect(problem).toContain(`${articleFile}: attribute "subtitle": the ${why}`);
    expect(problem).toContain('use another');
  });

  it.each([
    [
      { type: 'relation', relation: 'morphToMany' },
      'the relation "morphToMany" is not supported; use oneToOne',
    ],
    [{ type: 'relation', relation: 'oneToOne', target: 'api::video.video' }, 'leads to "api::video.video"'],
    [
      { type: 'relation', relation: 'oneToOne', target: 'plugin::users-permissions.user' },
      'correct the target',
    ],
    [{ type: 'component', component: 'shared.video' }, 'make cms/src/components/shared/video.json'],
    [{ type: 'component' }, 'component "" does not exist'],
    [
      { type: 'dynamiczone', components: ['shared.link', 'shared.video'] },
      'component "shared.video" does not exist',
    ],
    [{ type: 'dynamiczone', components: ['shared.link', 'shared.link'] }, 'or one twice'],
    [{ type: 'dynamiczone', components: [] }, 'the dynamic zone has no component'],
    [{ type: 'enumeration', enum: [] }, 'the enumeration has no value'],
    [{ type: 'enumeration', enum: ['a', 'a'] }, 'or one twice'],
    [{ type: 'string', regex: '[' }, 'the regex "[" is not valid; correct it'],
    [{ type: 'string', minLength: 3, maxLength: 2 }, 'minLength 3 is more than maxLength 2'],
    [{ type: 'integer', min: 3, max: 2 }, 'min 3 is more than max 2'],
  ])('such as %j is refused, saying why', (attribute, why) => {
    expect(problemsOfAttribute(attribute)).toEqual([expect.stringContaining(why)]);
  });

  it.each([
    [{ type: 'string', maxLength: '10' }, 'maxLength'],
    [{ type: 'string', required: 'yes' }, 'required'],
    [{ type: 'enumeration', enum: 'a' }, 'enum'],
    [{}, 'type'],
    ['string', 'expected object'],
    [null, 'expected object'],
  ])('written as %j is refused, naming the setting', (attribute, setting) => {
    expect(problemsOf(() => article({ subtitle: attribute }))).toEqual([
      expect.stringMatching(new RegExp(`attribute "subtitle": .*${setting}`)),
    ]);
  });

  it.each(['__proto__', 'id', 'documentId', 'a-b', 'a b', '1a', '', 'a"b', 'a: z.any(), b'])(
    'named %j is refused',
    (name) => {
      const text = schemaJson('article', { NAME: { type: 'string' } }).replace('"NAME"', () =>
        JSON.stringify(name),
      );
      expect(problemsOf(() => parseType(articleFile, text))).toEqual([
        expect.stringContaining(`attribute "${name}": the name is reserved or not a plain word`),
      ]);
    },
  );

  it('is left alone when it is private, for REST never returns it', () => {
    const text = writeContract({
      types: [article({ secret: { type: 'password', private: true }, title: { type: 'string' } })],
      components: [],
    }).get('article.ts');
    expect(text).toContain('title');
    expect(text).not.toContain('secret');
  });

  it.each(['relation', 'dynamiczone'])('is a %s inside a component', (type) => {
    const act = () =>
      writeContract({ types: [], components: [component('shared.link', { page: { type } })] });
    expect(problemsOf(act)).toEqual([
      expect.stringContaining(
        `shared/link.json: attribute "page": a ${type} in a component is not supported`,
      ),
    ]);
  });
});

describe('schemas', () => {
  it('are refused with all problems in one message', () => {
    const act = () =>
      writeContract({
        types: [article({ a: { type: 'json' }, b: { type: 'component', component: 'shared.video' } })],
        components: [component('shared.link', { c: { type: 'password' } })],
      });
    expect(act).toThrow(/attribute "c"[\s\S]*attribute "a"[\s\S]*attribute "b"/);
  });

  it('may not hold a component that holds itself', () => {
    const holds = (name: string) => ({ inner: { type: 'component', component: name } });
    const components = [component('a.one', holds('a.two')), component('a.two', holds('a.one'))];
    expect(problemsOf(() => writeContract({ types: [], components }))).toEqual([
      expect.stringContaining('holds itself (a.one > a.two > a.one); remove'),
    ]);
  });

  it('may not give one name to two things', () => {
    const schemas: Schemas = {
      types: [
        parseType(
          'cms/src/api/shared-link/content-types/shared-link/schema.json',
          schemaJson('shared-link', {}),
        ),
      ],
      components: [component('shared.link', {})],
    };
    expect(problemsOf(() => writeContract(schemas))).toEqual([
      expect.stringContaining('"shared.link" is already used by cms/src/api/shared-link'),
    ]);
  });

  it.each(['media', 'components', 'index'])('may not call a content type %s', (name) => {
    const type = parseType(`cms/src/api/x/content-types/${name}/schema.json`, schemaJson(name, {}));
    expect(problemsOf(() => writeContract({ types: [type], components: [] }))).toEqual([
      expect.stringMatching(/rename one|choose another/),
    ]);
  });

  it.each(['', '{', '[]', 'null', '"a"', '{"attributes": []}', '{"attributes": null}', '\u0000'])(
    'written as %j are refused, naming the file',
    (text) => {
      for (const problems of [
        problemsOf(() => parseType(articleFile, text)),
        problemsOf(() => parseComponent('cms/src/components/shared/link.json', text)),
      ]) {
        expect(problems).toEqual([expect.stringMatching(/^cms\/src\/.*\.json: .*correct it$/)]);
      }
    },
  );

  it('name a content type as its folder is named', () => {
    expect(problemsOf(() => parseType(articleFile, schemaJson('post', {})))).toEqual([
      expect.stringContaining('info.singularName is "post" but the folder is "article"; give both one name'),
    ]);
  });

  it('with names that are not lower-case words are refused', () => {
    for (const file of [
      'cms/src/components/A/b.json',
      "cms/src/components/a/b'.json",
      'cms/src/components/a/..json',
    ]) {
      expect(problemsOf(() => parseComponent(file, '{"attributes":{}}'))).toHaveLength(1);
    }
  });

  it('give a query that asks for an id when a component has no plain field, since an empty list would mean all', () => {
    const components = [
      component('shared.group', { links: { type: 'component', component: 'shared.link', repeatable: true } }),
      component('shared.link', { label: { type: 'string' } }),
    ];
    expect(writeContract({ types: [], components }).get('components.ts')).toMatch(
      /sharedGroupQuery = \{ fields: \["id"\], populate: \{ links: sharedLinkQuery \} \}/,
    );
  });

  it('of hundreds of attributes and deep components are written in order', () => {
    const depth = 200;
    const components = Array.from({ length: depth }, (_, level) =>
      component(`deep.c${level}`, {
        title: { type: 'string' },
        ...(level + 1 < depth && { inner: { type: 'component', component: `deep.c${level + 1}` } }),
      }),
    );
    const attributes = Object.fromEntries(
      Array.from({ length: 500 }, (_, n) => [`field${n}`, { type: 'string' }]),
    );
    const files = writeContract({ types: [article(attributes)], components });
    const text = files.get('components.ts') ?? '';
    expect(text.indexOf('const deepC199Schema')).toBeLessThan(text.indexOf('const deepC0Schema'));
    expect(files.get('article.ts')).toContain('field499: is.emptyAsNull');
  });
});

describe('labels', () => {
  const text = { type: 'text' };
  const labelled = (labels: Record<string, string>) => ({
    attributes: Object.fromEntries(Object.keys(labels).map((name) => [name, text])),
    config: {
      metadatas: Object.fromEntries(
        Object.entries(labels).map(([name, label]) => [name, { edit: { label } }]),
      ),
    },
  });
  const written = (type: object, component: object) =>
    writeContract({
      types: [
        parseType(
          articleFile,
          JSON.stringify({ ...(JSON.parse(schemaJson('article', {})) as object), ...type }),
        ),
      ],
      components: [parseComponent('cms/src/components/shared/link.json', JSON.stringify(component))],
    }).get('labels.ts');

  it('are those that all fields of a name have; a name with two has none', () => {
    const labels = written(
      labelled({ body: 'Text', url: 'Address', image: 'Picture' }),
      labelled({ url: 'Address', image: 'Share picture' }),
    );
    expect(labels).toContain('new Map([["body","Text"],["url","Address"]])');
  });

  it('may all be missing', () => {
    expect(written({ attributes: { body: text } }, { attributes: { url: text } })).toContain('new Map([])');
  });

  it('that are no text are refused with the place', () => {
    const config = { metadatas: { body: { edit: { label: 7 } } } };
    expect(() => written({ attributes: { body: text }, config }, { attributes: {} })).toThrow(
      `${articleFile}: config: metadatas: body: edit: label`,
    );
  });
});
