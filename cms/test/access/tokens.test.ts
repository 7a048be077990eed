import { describe, expect, it } from 'vitest';
import { tokenPermissions } from '../../src/access/tokens.ts';

describe('tokenPermissions', () => {
  const permissions = tokenPermissions([
    { uid: 'api::article.article', kind: 'collectionType' },
    { uid: 'api::clinic.clinic', kind: 'singleType' },
  ]);

  const FIND = ['api::article.article.find', 'api::article.article.findOne', 'api::clinic.clinic.find'];

  it('lets the preview token find and nothing else', () => {
    expect(permissions.preview.actions).toEqual(FIND);
  });

  it('lets the build token find, read the log of changes and nothing else', () => {
    expect(permissions.build.actions).toEqual([...FIND, 'api::revision.revision.changes']);
  });

  it('lets the intake token hand over consultation requests and nothing else', () => {
    expect(permissions.intake.actions).toEqual(['api::consultation-request.consultation-request.intake']);
  });
});
