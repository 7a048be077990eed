import { longestQuestion, mostQuestions, type Questions } from '@meridian/shared-types/checklist';
import type { Core } from '@strapi/strapi';
import { errors, z } from '@strapi/utils';
import type { Context } from 'koa';
import { adminRoute, READ } from '../access/admin-routes.ts';
import { publicTypes } from '../internals.ts';
import { answerQuestions } from './answers.ts';
import { relationsOf } from './entries.ts';
import type { ChecklistAnswer } from './route-answers.ts';

const text = z.string().max(longestQuestion);
const texts = z.array(text).max(mostQuestions);
const Question = z.object({
  documentId: z.string().max(100),
  slug: text,
  addresses: texts,
  anchorsOf: texts,
  urls: texts,
  files: texts,
});

/**
 * The admin's own route `/meridian/checklist/:type`, which answers what the checklist beside an entry asks about the
 * rest. Who may read the type may ask; titles are told of those types only that the person may read.
 */
export function checklistRoutes(strapi: Core.Strapi): void {
  strapi.server.routes({
    type: 'admin',
    prefix: '/meridian/checklist',
    routes: [adminRoute('POST', '/:type', (context: Context) => surroundings(strapi, context))],
  });
}

async function surroundings(strapi: Core.Strapi, context: Context): Promise<void> {
  const { userAbility }: { userAbility?: { can: (action: string, subject: string) => boolean } } =
    context.state;
  const params = context.params as { type: string };
  const type = publicTypes(strapi).find(({ uid }) => uid === params.type);
  if (type === undefined || userAbility?.can(READ, type.uid) !== true) throw new errors.ForbiddenError();
  const parsed = Question.safeParse(context.request.body);
  if (!parsed.success) {
    throw new errors.ValidationError(
      'The checklist cannot be asked like this. Reload the page; if that does not help, tell whoever runs the server.',
    );
  }
  const { documentId, ...asked }: { documentId: string } & Questions = parsed.data;
  const answer: ChecklistAnswer = {
    around: await answerQuestions(strapi, type.uid, documentId, asked, (uid) => userAbility.can(READ, uid)),
    relations: await relationsOf(strapi, type.uid, documentId),
  };
  context.body = answer;
}
