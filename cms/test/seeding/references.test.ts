import { describe, expect, it } from 'vitest';
import { resolveReferences, type Attributes, type Directory } from '../../src/seeding/references.ts';

const ARTICLE: Attributes = {
  title: { type: 'string', required: true },
  heroImage: { type: 'media', multiple: false },
  author: { type: 'relation', target: 'api::provider.provider' },
  topics: { type: 'relation', target: 'api::topic.topic' },
  references: { type: 'component', component: 'shared.reference', repeatable: true },
  seo: { type: 'component', component: 'shared.seo', repeatable: false },
  sections: { type: 'dynamiczone', components: ['section.image'] },
};

const directory: Directory = {
  component: (uid) =>
    ({
      'shared.reference': { title: { type: 'string', required: true } },
      'shared.seo': { title: { type: 'string' } },
      'section.image': { image: { type: 'media', required: true } },
    })[uid],
  entry: (uid, slug) => (slug.startsWith('known') ? `${uid}#${slug}` : undefined),
  media: (name) => (name === 'known.webp' ? 7 : undefined),
};

const resolve = (values: Record<string, unknown>) => resolveReferences(values, ARTICLE, directory);

describe('resolveReferences', () => {
  it('turns slugs, file names and section names into what the Document Service takes', () => {
    const { data, faults } = resolve({
      title: 'T',
      heroImage: 'known.webp',
      author: 'known-author',
      topics: ['known-1', 'known-2'],
      references: [{ title: 'R' }],
      sections: [{ component: 'section.image', image: 'known.webp' }],
    });
    expect(faults).toEqual([]);
    expect(data).toEqual({
      title: 'T',
      heroImage: 7,
      author: 'api::provider.provider#known-author',
      topics: ['api::topic.topic#known-1', 'api::topic.topic#known-2'],
      references: [{ title: 'R' }],
      sections: [{ __component: 'section.image', image: 7 }],
    });
  });

  it('names every fault with its field at once', () => {
    const { faults } = resolve({
      heroImage: 'gone.webp',
      author: 'nobody',
      topics: ['known-1', 'nothing'],
      references: [{}],
      seo: 'text',
      sections: [{ component: 'section.video' }, { component: 'section.image' }, 3],
      titel: 'typo',
    });
    expect(faults).toEqual([
      'field title: is required. Add it.',
      'field heroImage: there is no picture "gone.webp". Correct the name or add the file.',
      'field author: there is no entry "nobody". Correct the name or add the file.',
      'field topics.1: there is no entry "nothing". Correct the name or add the file.',
      'field references.0.title: is required. Add it.',
      'field seo: must be a map with the fields of shared.seo.',
      'field sections.0: needs "component:" with one of section.image.',
      'field sections.1.image: is required. Add it.',
      'field sections.2: needs "component:" with one of section.image.',
      'field titel: there is no such field. Known are: title, heroImage, author, topics, references, seo, sections.',
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('knows no field %s', (name) => {
    const values = JSON.parse(`{"title":"T","${name}":1}`) as Record<string, unknown>;
    expect(resolve(values).faults.join()).toContain(`field ${name}: there is no such field`);
  });

  it('leaves empty values empty', () => {
    expect(resolve({ title: 'T', author: null, seo: null }).data).toEqual({
      title: 'T',
      author: null,
      seo: null,
    });
  });
});
