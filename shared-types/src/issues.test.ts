import { expect, it } from 'vitest';
import { articleSchema, clinicSchema, describeIssues } from './index.ts';
import { article, clinic } from './samples.ts';

function linesOf(change: object): string[] {
  const entry = { ...article, ...change };
  const result = articleSchema.safeParse(entry);
  return result.success ? [] : describeIssues('article', entry, result.error);
}

it('names type, entry, field and fix, one line an issue', () => {
  expect(
    linesOf({ title: null, summary: '', references: [{ title: 'a', publisher: 'b', year: 1, url: 'x' }] }),
  ).toEqual([
    'article "back-pain" field title: is empty. Fill it in in the CMS and publish again.',
    'article "back-pain" field summary: is empty. Fill it in in the CMS and publish again.',
    expect.stringMatching(/^article "back-pain" field references\.0\.year: Too small.*Correct it in the CMS/),
    expect.stringMatching(
      /^article "back-pain" field references\.0\.url: Invalid string.*Correct it in the CMS/,
    ),
  ]);
});

it('says where in a dynamic zone a field stands', () => {
  expect(
    linesOf({
      sections: [...article.sections, { __component: 'section.quote', text: '', attribution: null }],
    }),
  ).toEqual([
    'article "back-pain" field sections.1.text: is empty. Fill it in in the CMS and publish again.',
  ]);
});

it('names a component that the contract does not know', () => {
  expect(linesOf({ sections: [{ __component: 'section.video' }] })).toEqual([
    expect.stringMatching(
      /^article "back-pain" field sections\.0\S*: has the unknown component "section\.video"\. Run "npm run generate"/,
    ),
  ]);
});

it('says so when an item of a dynamic zone names no component', () => {
  expect(linesOf({ sections: [{ body: 'a' }] })).toEqual([
    expect.stringMatching(/field sections\.0\S*: names no component\./),
  ]);
});

it('tells a key that the CMS left out from one that is empty', () => {
  expect(linesOf({ author: undefined })).toEqual([
    expect.stringMatching(/field author: is missing from the answer of the CMS\. Run "npm run generate"/),
  ]);
});

it('names an entry without a slug by its document id, and a single entry that has neither by its type alone', () => {
  expect(linesOf({ slug: null })).toEqual([expect.stringMatching(/^article "art1" field slug: is empty/)]);
  const entry = { ...clinic, documentId: null };
  const { error } = clinicSchema.safeParse(entry);
  expect(error && describeIssues('clinic', entry, error)).toEqual([
    expect.stringMatching(/^clinic field documentId: /),
  ]);
});

it.each([null, undefined, 'no', 7, []])('describes an entry that is %j', (entry) => {
  const { error } = articleSchema.safeParse(entry);
  expect(error && describeIssues('article', entry, error)).toEqual([expect.stringMatching(/^article: /)]);
});

it('never repeats a value, for it may be personal, and keeps a hostile slug on one line', () => {
  const lines = linesOf({
    title: { name: 'canary' },
    reviewedOn: 'canary',
    slug: `bad\n${'x'.repeat(1_000)}`,
  });
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    expect(line).not.toContain('canary');
    expect(line).not.toContain('\n');
    expect(line.length).toBeLessThan(400);
  }
});
