import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeCheckout } from './checkout.ts';
import { writeContract } from './contract.ts';
import { format, readSchemas, writeFiles } from './files.ts';

const media = {
  id: 7,
  documentId: 'file1',
  name: 'a.webp',
  url: '/uploads/a.webp',
  alternativeText: '',
  caption: null,
  width: 10,
  height: 20,
  mime: 'image/webp',
  size: 1.5,
  hash: 'a_1',
  ext: '.webp',
  focalPoint: { x: 50, y: 20.5 },
  updatedAt: '2026-11-23T22:00:00.000Z',
};
const parsedMedia: unknown = { ...media, id: undefined, alternativeText: null };

interface Case {
  readonly attribute: object;
  /** Values that REST may give, with what they become. */
  readonly takes: readonly (readonly [given: unknown, becomes: unknown])[];
  readonly refuses: readonly unknown[];
}

const same = (...values: unknown[]) => values.map((value) => [value, value] as const);

const cases: Readonly<Record<string, Case>> = {
  requiredString: {
    attribute: { type: 'string', required: true, minLength: 2, maxLength: 4 },
    takes: same('ab', 'abcd'),
    refuses: ['', 'a', 'abcde', null, undefined, 1, ['ab']],
  },
  requiredStringWithoutLimits: {
    attribute: { type: 'string', required: true },
    takes: same('a', 'a'.repeat(255)),
    refuses: ['', 'a'.repeat(256), null],
  },
  string: {
    attribute: { type: 'string', minLength: 2 },
    takes: [...same('ab', null), ['', null]],
    refuses: ['a', undefined, 1],
  },
  regex: {
    attribute: { type: 'string', regex: '^(/|https?://)[^\\s]*$' },
    takes: [...same('/a', 'https://example.org/'), ['', null]],
    refuses: ['javascript:alert(1)', '/a b'],
  },
  text: { attribute: { type: 'text', maxLength: 3 }, takes: same('a\nb', null), refuses: ['abcd'] },
  richtext: {
    attribute: { type: 'richtext', required: true },
    takes: same('# a', '<script>'),
    refuses: ['', null],
  },
  email: {
    attribute: { type: 'email' },
    takes: [...same('a@example.org', null), ['', null]],
    refuses: ['a', 'a@b@example.org', 'a@example.org\nbcc: b@example.org'],
  },
  slug: {
    attribute: { type: 'uid', required: true, maxLength: 10 },
    takes: same('a-b_c.d~1', 'A', '...a'),
    refuses: ['', '.', '..', '...', 'a/b', 'a b', 'ä', 'a%2F', '\u0000', 'abcdefghijk', null],
  },
  slugWithOwnRegex: {
    attribute: { type: 'uid', required: true, regex: '^[a-z]+$' },
    takes: same('abc'),
    refuses: ['', 'ABC', '..'],
  },
  enumeration: {
    attribute: { type: 'enumeration', enum: ['call', "doctor's"] },
    takes: same('call', "doctor's", null),
    refuses: ['Call', '', 'toString', undefined],
  },
  boolean: {
    attribute: { type: 'boolean' },
    takes: same(true, false, null),
    refuses: ['true', 1, undefined],
  },
  requiredBoolean: { attribute: { type: 'boolean', required: true }, takes: same(false), refuses: [null] },
  integer: {
    attribute: { type: 'integer', min: -1, max: 3 },
    takes: same(-1, 0, 3, null),
    refuses: [-2, 4, 1.5, '1', Number.NaN, Number.POSITIVE_INFINITY],
  },
  decimal: {
    attribute: { type: 'decimal', required: true, min: -90.5, max: 90 },
    takes: same(-90.5, 0, 34.052235),
    refuses: [-90.6, 91, '34', null],
  },
  float: { attribute: { type: 'float' }, takes: same(0.1, null), refuses: ['0.1'] },
  date: {
    attribute: { type: 'date' },
    takes: same('2024-02-29', null),
    refuses: ['2023-02-29', '2026-13-01', '2026-1-1', '2026-11-23T00:00:00.000Z', ''],
  },
  time: {
    attribute: { type: 'time' },
    takes: [...same('09:30:00.000', null), ['23:59:59', '23:59:59.000'], ['09:00:00.5', '09:00:00.500']],
    refuses: ['24:00:00.000', '09:60:00.000', '09:00', '9:00:00', ''],
  },
  datetime: {
    attribute: { type: 'datetime' },
    takes: same('2026-11-23T22:00:00.000Z', null),
    refuses: ['2026-11-23', '2026-02-30T00:00:00.000Z'],
  },
  picture: {
    attribute: { type: 'media', multiple: false },
    takes: [[media, parsedMedia], ...same(null)],
    refuses: [undefined, [media], { ...media, url: '' }, { ...media, focalPoint: { x: 101, y: 0 } }, 7],
  },
  requiredPicture: {
    attribute: { type: 'media', required: true },
    takes: [[media, parsedMedia]],
    refuses: [null],
  },
  pictures: {
    attribute: { type: 'media', multiple: true },
    takes: [[[media], [parsedMedia]], ...same([])],
    refuses: [null, media],
  },
  requiredPictures: {
    attribute: { type: 'media', multiple: true, required: true },
    takes: [],
    refuses: [[]],
  },
  component: {
    attribute: { type: 'component', component: 'shared.link' },
    takes: [[{ id: 3, label: 'a', unknown: 1 }, { label: 'a' }], ...same(null)],
    refuses: [{ label: '' }, {}, [], 'a'],
  },
  requiredComponent: {
    attribute: { type: 'component', component: 'shared.link', required: true },
    takes: [],
    refuses: [null],
  },
  components: {
    attribute: { type: 'component', component: 'shared.link', repeatable: true, min: 2, max: 3 },
    takes: same([], [{ label: 'a' }, { label: 'b' }]),
    refuses: [[{ label: 'a' }], Array(4).fill({ label: 'a' }), null],
  },
  requiredComponents: {
    attribute: { type: 'component', component: 'shared.link', repeatable: true, required: true, min: 1 },
    takes: same([{ label: 'a' }]),
    refuses: [[]],
  },
  zone: {
    attribute: { type: 'dynamiczone', components: ['shared.link', 'shared.group'], max: 2 },
    takes: [
      ...same([]),
      [
        [
          { __component: 'shared.group', id: 1, links: [{ id: 2, label: 'a' }] },
          { __component: 'shared.link', id: 1, label: 'b' },
        ],
        [
          { __component: 'shared.group', links: [{ label: 'a' }] },
          { __component: 'shared.link', label: 'b' },
        ],
      ],
    ],
    refuses: [
      null,
      [{ label: 'a' }],
      [{ __component: 'shared.group', label: 'a' }],
      [{ __component: 'shared.video' }],
      [{ __component: '__proto__' }],
      Array(3).fill({ __component: 'shared.link', label: 'a' }),
    ],
  },
  toOne: {
    attribute: { type: 'relation', relation: 'oneToOne', target: 'api::everything.everything' },
    takes: [[{ id: 1, documentId: 'abc' }, 'abc'], ...same(null)],
    refuses: [undefined, 'abc', 1, { id: 1 }, { documentId: '' }, []],
  },
  requiredToOne: {
    attribute: {
      type: 'relation',
      relation: 'manyToOne',
      target: 'api::everything.everything',
      required: true,
    },
    takes: [[{ documentId: 'abc' }, 'abc']],
    refuses: [null],
  },
  toMany: {
    attribute: { type: 'relation', relation: 'oneToMany', target: 'api::everything.everything' },
    takes: [
      ...same([]),
      [
        [{ documentId: 'b' }, { documentId: 'a' }],
        ['b', 'a'],
      ],
    ],
    refuses: [null, { documentId: 'a' }],
  },
  requiredToMany: {
    attribute: {
      type: 'relation',
      relation: 'manyToMany',
      target: 'api::everything.everything',
      required: true,
    },
    takes: [[[{ documentId: 'a' }], ['a']]],
    refuses: [[]],
  },
  sometimesShown: {
    attribute: { type: 'string', required: true, conditions: { visible: { '==': [{ var: 'text' }, 'a'] } } },
    takes: same('a', null),
    refuses: [1],
  },
  constructor: { attribute: { type: 'string' }, takes: same('a', null), refuses: [1] },
  hasOwnProperty: { attribute: { type: 'string' }, takes: same('a', null), refuses: [1] },
};

const link = { label: { type: 'string', required: true } };
const group = { links: { type: 'component', component: 'shared.link', repeatable: true } };

async function contractOfEverything(): Promise<z.ZodObject> {
  const root = await makeCheckout({
    types: {
      everything: Object.fromEntries(Object.entries(cases).map(([name, { attribute }]) => [name, attribute])),
    },
    components: { 'shared.group': group, 'shared.link': link },
  });
  const folder = path.join(root, 'shared-types/src/generated');
  await writeFiles(await format(writeContract(await readSchemas(root)), folder), folder);
  const module: unknown = await import(pathToFileURL(path.join(root, 'shared-types/src/index.ts')).href);
  return z.object({ everythingSchema: z.instanceof(z.ZodObject) }).parse(module).everythingSchema;
}

describe('the generated schema', async () => {
  const shape: Readonly<Record<string, z.core.$ZodType>> = (await contractOfEverything()).shape;

  for (const [name, { takes, refuses }] of Object.entries(cases)) {
    const schema = z.object({ [name]: shape[name] ?? z.never() });
    it.each(takes)(`takes ${name} %j as %j`, (given, becomes) => {
      expect(schema.parse({ [name]: given })).toEqual({ [name]: becomes });
    });
    it.each(refuses.map((value) => [value]))(`refuses ${name} %j`, (value) => {
      expect(schema.safeParse({ [name]: value }).success).toBe(false);
    });
    it(`refuses an answer without ${name}`, () => {
      expect(schema.safeParse({}).success).toBe(false);
    });
  }
});
