import type { Core } from '@strapi/strapi';
import type { RequestContext } from '../../../internals.ts';
import { readIntake } from '../../../requests/intake-message.ts';
import { takeIn } from '../../../requests/intake.ts';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  async intake(context: RequestContext): Promise<void> {
    const message = readIntake(context.get('idempotency-key'), context.request.body);
    const answer = message.ok ? await takeIn(strapi, message) : message;
    context.status = answer.status;
    context.body = 'reference' in answer ? { reference: answer.reference } : { error: answer.error };
  },
});
