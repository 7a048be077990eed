import { describe, expect, it } from 'vitest';
import { tokenPermissions } from '../../src/access/tokens.ts';

describe('tokenPermissions', () => {
  const permissions = tokenPermissions([
    { uid: 'api::article.article', kind: 'collectionType' },
    { uid: 'api::clinic.clinic', kind: 'singleType' },
  ]);

  it.each(['build', 'preview'] as const)('lets the %s token find and nothing else', (name) => {
    expect(permissions[name].actions).toEqual([
      'api::article.article.find',
      'api::article.article.findOne',
      'api::clinic.clinic.find',
    ]);
  });

  it('lets the intake token hand over consultation requests and nothing else', () => {
    expect(permissions.intake.actions).toEqual(['api::consultation-request.consultation-request.intake']);
  });
});
