import { describe, expect, it } from 'vitest';
import { forbiddenQuestion } from '../../src/access/staff-questions.ts';

const types: Record<string, { attributes: Record<string, object> }> = {
  'admin::user': {
    attributes: {
      firstname: {},
      email: { private: true },
      isActive: { private: true },
      password: { private: true },
      resetPasswordToken: { private: true },
      roles: { private: true, type: 'relation' },
      createdBy: { private: true, type: 'relation' },
      locale: { private: true },
    },
  },
  'api::request.request': {
    attributes: {
      name: { private: true },
      bodyHash: { pluginOptions: { 'content-manager': { visible: false } } },
      assignee: { type: 'relation', pluginOptions: { 'content-manager': { visible: false } } },
    },
  },
};
const ask = (query: Record<string, unknown>, path = '/upload/folders') =>
  forbiddenQuestion({ path, query, typeOf: (uid) => types[uid] });

describe('forbiddenQuestion', () => {
  it.each(['where', 'lookup', 'orderBy', 'groupBy', 'select', 'offset'])(
    'refuses "%s", whatever it says',
    (name) => {
      expect(ask({ [name]: { name: 'a' } })).toContain(`"${name}"`);
      expect(ask({ [name]: '' })).toContain(`"${name}"`);
    },
  );

  it.each([
    { filters: { createdBy: { password: { $startsWith: '$2a' } } } },
    { filters: { $and: [{ $not: { updatedBy: { resetPasswordToken: 'a' } } }] } },
    { filters: { createdBy: { roles: { code: 'a' } } } },
    { sort: 'createdBy.password' },
    { sort: 'name:asc, createdBy.password:desc' },
    { sort: 'createdBy["password"]' },
    { sort: 'createdBy.reset_password_token' },
    { sort: ['name', 'topics.createdBy.resetPasswordToken:desc'] },
    { sort: [{ createdBy: { password: 'asc' } }] },
    { fields: ['password'] },
    { populate: 'createdBy.roles' },
    { populate: { createdBy: { fields: ['password'] } } },
    { populate: { createdBy: { filters: { password: 'a' } } } },
    { populate: { createdBy: { sort: 'password' } } },
  ])('refuses %j, for it says something about a secret of an account', (query) => {
    expect(ask(query)).toMatch(/by "(password|roles|reset_?password_?token)" here/i);
  });

  it.each([
    {},
    { page: '1', pageSize: '10', _q: 'password', status: 'draft' },
    { sort: 'title:ASC', filters: { title: { $contains: 'reset password' } } },
    { sort: 'createdBy.firstname', locale: 'en', filters: { createdBy: { email: { $eq: 'a@b.example' } } } },
    { populate: { createdBy: { filters: { firstname: 'password' } } } },
    { populate: '*', fields: ['title', 'slug'] },
  ])('lets %j pass', (query) => {
    expect(ask(query)).toBeNull();
  });

  it.each(['filters', 'sort', 'fields', 'populate'])(
    'lets nobody name fields with "%s" in a list to choose from, where Strapi shows whatever is named',
    (name) => {
      for (const path of [
        '/content-manager/relations/api::article.article/topics',
        '/Content-Manager/Relations/api::request.request/assignee',
        '/content-manager/relations/section.quote/provider',
      ]) {
        expect(ask({ [name]: '*' }, path), path).toContain(`without "${name}"`);
        expect(ask({ _q: 'a', _filter: '$contains', page: '1', id: 'a', status: 'draft' }, path)).toBeNull();
      }
    },
  );

  it('lets nobody sort entries by a column that the content manager shows to nobody', () => {
    const list = '/content-manager/collection-types/api::request.request';
    for (const path of [list, list.replaceAll(':', '%3A'), `${list}/one`]) {
      expect(ask({ sort: 'bodyHash:desc' }, path), path).toContain('"bodyHash"');
      expect(ask({ filters: { body_hash: 'a' } }, path), path).toContain('"body_hash"');
      expect(ask({ sort: 'name', filters: { assignee: { id: '1' } } }, path), path).toBeNull();
    }
    expect(ask({ sort: 'bodyHash' })).toBeNull();
    expect(ask({ sort: 'name' }, '/content-manager/collection-types/%E0')).toBeNull();
  });
});
