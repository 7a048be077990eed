import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { forbiddenQuestion } from '../access/staff-questions.ts';

/** Refuses questions by which staff would learn what nobody is shown. */
const middleware: Core.MiddlewareFactory = (_config, { strapi }) => {
  const typeOf = (uid: string) => strapi.getModel(uid as UID.ContentType);
  return async ({ path, query }, next) => {
    const wrong = forbiddenQuestion({ path, query, typeOf });
    if (wrong !== null) throw new errors.ValidationError(wrong);
    await next();
  };
};

export default middleware;
