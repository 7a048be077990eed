import { expect, it } from 'vitest';
import { contentTypes, queryString } from './index.ts';

it('writes fields and populate in the bracket notation that Strapi reads', () => {
  const selection = {
    fields: ['title', 'slug'],
    populate: {
      author: { fields: ['documentId'] },
      sections: {
        on: { 'section.rich-text': { fields: ['body'], populate: { image: { fields: ['url'] } } } },
      },
    },
  };
  expect(queryString(selection).split('&')).toEqual([
    'fields[0]=title',
    'fields[1]=slug',
    'populate[author][fields][0]=documentId',
    'populate[sections][on][section.rich-text][fields][0]=body',
    'populate[sections][on][section.rich-text][populate][image][fields][0]=url',
  ]);
});

it('adds further parameters', () => {
  const extra = { status: 'published', pagination: { page: 2, pageSize: 100, withCount: true } };
  expect(queryString({ fields: ['id'] }, extra)).toBe(
    'fields[0]=id&status=published&pagination[page]=2&pagination[pageSize]=100&pagination[withCount]=true',
  );
});

it('encodes what could end a parameter or change its name', () => {
  expect(queryString({ fields: [] }, { filters: { 'a]&b=': { $eq: 'x&y=z #+%é\n' } } })).toBe(
    'filters[a%5D%26b%3D][%24eq]=x%26y%3Dz%20%23%2B%25%C3%A9%0A',
  );
});

it('takes from a query only its fields and populate', () => {
  expect(queryString(contentTypes.article.query)).not.toContain('endpoint');
});

it.each(Object.values(contentTypes))(
  'stays within 6 kB, 100 items a list and 10 levels for $singularName, as servers allow',
  ({ query }) => {
    const text = queryString(query, { pagination: { page: 1, pageSize: 100 } });
    expect(text.length).toBeLessThan(6_000);
    for (const parameter of text.split('&')) {
      expect(parameter.match(/\[/g)?.length ?? 0).toBeLessThan(10);
      expect(Number(/\[(\d+)\]=/.exec(parameter)?.[1] ?? 0)).toBeLessThan(100);
    }
  },
);
