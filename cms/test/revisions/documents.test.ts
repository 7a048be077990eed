import { describe, expect, it } from 'vitest';
import { displayName } from '../../src/access/actor.ts';
import { publicAction } from '../../src/revisions/documents.ts';

describe('publicAction', () => {
  it.each([
    ['publish', undefined, 'publish'],
    ['unpublish', undefined, 'unpublish'],
    ['delete', undefined, 'delete'],
    ['create', 'published', 'publish'],
    ['update', 'published', 'publish'],
    ['create', 'draft', null],
    ['update', undefined, null],
    ['clone', undefined, null],
    ['discardDraft', undefined, null],
    ['findMany', 'published', null],
  ])('takes %s with the status %s for %s', (action, status, expected) => {
    expect(publicAction(action, status, true)).toBe(expected);
  });

  it.each([
    ['create', 'publish'],
    ['update', 'publish'],
    ['clone', 'publish'],
    ['delete', 'delete'],
    ['findMany', null],
  ])('takes %s of a type without drafts for %s', (action, expected) => {
    expect(publicAction(action, undefined, false)).toBe(expected);
  });
});

describe('displayName', () => {
  it.each([
    [{ firstname: 'Kim', lastname: 'Lee' }, 'Kim Lee'],
    [{ firstname: 'Kim', lastname: null }, 'Kim'],
    [{ firstname: '', lastname: '', username: 'kim' }, 'kim'],
    [{}, 'A colleague'],
  ])('calls %o %s', (person, name) => {
    expect(displayName(person)).toBe(name);
  });
});
