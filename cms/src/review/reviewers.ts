import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { displayName, type Person } from '../access/actor.ts';
import { table } from '../internals.ts';
import { LINK, PROVIDER, REVIEWER_ROLE } from './records.ts';

/** An admin user with roles, as a request knows them. */
export interface User extends Person {
  id: number;
  isActive?: boolean;
  roles?: { code: string }[];
}

/** The provider in whose name somebody reviews; row ids, which relations of drafts and published rows need. */
export interface Reviewer {
  providerId: string;
  name: string;
  draftRow: number;
  publishedRow: number;
}

interface Link {
  id: number;
  userId: number;
  providerId: string;
}

interface ProviderRow {
  id: number;
  documentId: string;
  name: string | null;
  publishedAt: unknown;
}

/** In whose name a user reviews, or why they cannot; `why` is null for people whose work it is not. */
export async function reviewerOf(
  strapi: Core.Strapi,
  user: User,
): Promise<{ reviewer: Reviewer } | { reviewer: null; why: string | null }> {
  if (!isReviewer(user)) return { reviewer: null, why: null };
  const link = await table<Link>(strapi, LINK).findOne({ where: { userId: user.id } });
  const rows =
    link === null
      ? []
      : await table<ProviderRow>(strapi, PROVIDER).findMany({ where: { documentId: link.providerId } });
  const draft = rows.find(({ publishedAt }) => publishedAt === null);
  if (link === null || draft === undefined) {
    const why =
      'Your account is not linked to a provider, so it is not known in whose name you review. ' +
      'Ask the owner to link it, in the panel "Reviews as" beside your provider entry.';
    return { reviewer: null, why };
  }
  const published = rows.find(({ publishedAt }) => publishedAt !== null);
  if (published === undefined) {
    const why =
      `The provider entry "${draft.name ?? ''}" is not published, so patients could not see who reviewed. ` +
      'Ask Marketing to publish it.';
    return { reviewer: null, why };
  }
  return {
    reviewer: {
      providerId: link.providerId,
      name: published.name ?? '',
      draftRow: draft.id,
      publishedRow: published.id,
    },
  };
}

/** Who may be linked to a provider, and who is. */
export async function linkOf(
  strapi: Core.Strapi,
  providerId: string,
): Promise<{ people: { id: number; name: string }[]; userId: number | null }> {
  const users = await table<User>(strapi, 'admin::user').findMany({
    where: { isActive: true, roles: { code: REVIEWER_ROLE } },
    orderBy: { id: 'asc' },
  });
  const link = await table<Link>(strapi, LINK).findOne({ where: { providerId } });
  const people = users.map((user) => ({ id: user.id, name: displayName(user) }));
  // Somebody who left or changed roles reviews in nobody's name.
  const linked = people.find(({ id }) => id === link?.userId);
  return { people, userId: linked?.id ?? null };
}

/**
 * Makes an admin user the one who reviews in the name of a provider; null: nobody.
 *
 * @throws ValidationError (400) when the person is no active clinical reviewer, or reviews as somebody else already
 */
export async function linkReviewer(
  strapi: Core.Strapi,
  providerId: string,
  userId: number | null,
): Promise<void> {
  const links = table<Link>(strapi, LINK);
  const provider = await table<ProviderRow>(strapi, PROVIDER).findOne({ where: { documentId: providerId } });
  if (provider === null) throw new errors.NotFoundError('There is no such provider.');
  await strapi.db.transaction(async () => {
    await links.deleteMany({ where: { providerId } });
    if (userId === null) return;
    const { people } = await linkOf(strapi, providerId);
    if (!people.some(({ id }) => id === userId)) {
      throw new errors.ValidationError('Choose somebody who has the role Clinical reviewer.');
    }
    const other = await links.findOne({ where: { userId } });
    if (other !== null) {
      const taken = await table<ProviderRow>(strapi, PROVIDER).findOne({
        where: { documentId: other.providerId },
      });
      if (taken !== null) {
        throw new errors.ValidationError(
          `This person reviews as ${taken.name ?? 'another provider'} already. End that first.`,
        );
      }
      // Its provider was deleted.
      await links.delete({ where: { id: other.id } });
    }
    const now = new Date();
    await links.create({ data: { providerId, userId, publishedAt: now } });
  });
}

/** Whether reviewing is somebody's work. */
export function isReviewer({ roles = [] }: User): boolean {
  return roles.some(({ code }) => code === REVIEWER_ROLE);
}
