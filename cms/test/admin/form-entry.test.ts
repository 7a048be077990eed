import { describe, expect, it } from 'vitest';
import { errorsAt } from '../../src/admin/checklist/errors-at.ts';
import { formEntry } from '../../src/admin/checklist/form-entry.ts';
import { labelOf } from '../../src/admin/checklist/labels.ts';

const stored = { topics: ['top1', 'top2'], author: 'pro1', reviewer: null };
const change = (connect: string[], disconnect: string[] = []) => ({
  connect: connect.map((documentId) => ({ id: 1, apiData: { id: 1, documentId } })),
  disconnect: disconnect.map((documentId) => ({ id: 2, apiData: { id: 2, documentId } })),
});

describe('what stands in the form', () => {
  it('relates to what is stored, without what is taken away and with what is added', () => {
    expect(
      formEntry({ title: 'T', topics: change(['top3'], ['top1']), author: change([]) }, stored, 'art1'),
    ).toEqual({ title: 'T', topics: ['top2', 'top3'], author: 'pro1', reviewer: null, documentId: 'art1' });
  });

  it('has one author at the most, the one chosen last', () => {
    expect(formEntry({ author: change(['pro2'], ['pro1']) }, stored, '')).toMatchObject({ author: 'pro2' });
    expect(formEntry({ author: change(['pro2']) }, stored, '')).toMatchObject({ author: 'pro2' });
    expect(formEntry({ author: change([], ['pro1']) }, stored, '')).toMatchObject({ author: null });
  });

  it('moves what is ordered anew', () => {
    expect(formEntry({ topics: change(['top1']) }, stored, '')).toMatchObject({ topics: ['top2', 'top1'] });
  });

  it('is taken as it is while nothing is known of what is stored', () => {
    expect(formEntry({ title: 'T' }, {}, '')).toEqual({ title: 'T', documentId: '' });
  });
});

it('tells a form of an error at a path', () => {
  const { sections } = errorsAt('sections.2.questions.0.answer', 'No.') as { sections: unknown[] };
  expect(sections).toHaveLength(3);
  expect(sections[2]).toEqual({ questions: [{ answer: 'No.' }] });
  expect(errorsAt('slug', 'No.')).toEqual({ slug: 'No.' });
});

describe('the label of a field', () => {
  const field = (name: string, label: string, attribute: object = {}) => ({ name, label, attribute });
  const layout = {
    layout: [
      [
        [
          field('title', 'Title'),
          field('seo', 'Search', { component: 'shared.seo' }),
          field('sections', 'Sections'),
        ],
      ],
    ],
    components: {
      'shared.seo': { layout: [[field('image', 'Picture for sharing')]] },
      'section.faq': { layout: [[field('questions', 'Questions', { component: 'section.question' })]] },
      'section.question': { layout: [[field('answer', 'Answer')]] },
    },
  };
  const values = { sections: [{ __component: 'section.faq', questions: [{ answer: '' }] }] };

  it.each([
    ['title', 'Title'],
    ['seo.image', 'Picture for sharing'],
    ['sections', 'Sections'],
    ['sections.0.questions.0.answer', 'Answer'],
    ['nothing', null],
    ['sections.9.body', null],
  ])('at %s is %s', (path, label) => {
    expect(labelOf(path, values, layout)).toBe(label);
  });
});
