import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { entryLink, readEntryLink } from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { table } from '../internals.ts';
import { dependentsOfPath } from '../publishing/dependents.ts';
import { refusal } from '../publishing/removal.ts';
import { isFixedPage, readFrom, readTo } from './addresses.ts';
import { endOf, pathOf } from './chains.ts';
import { pageAt } from './pages.ts';
import { REDIRECT, type RedirectRow } from './records.ts';

type Values = Partial<Record<'from' | 'to', unknown>>;

/**
 * Brings every redirect into its one form before it is written, and refuses those that patients could not follow. It
 * stands in the Document Service, so that the admin, bulk actions, imports and the API all meet it.
 */
export function guardRedirects(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action } = context;
    if (uid !== REDIRECT || !['create', 'update', 'clone', 'delete'].includes(action)) return next();
    const params: { status?: string; documentId?: string; data?: Record<string, unknown> } = context.params;
    const before =
      params.documentId === undefined
        ? null
        : await table<RedirectRow>(strapi, REDIRECT).findOne({ where: { documentId: params.documentId } });
    if (action === 'delete') {
      if (before !== null) await assertUnlinked(strapi, before.from, 'deleted');
      return next();
    }
    const itself = action === 'update' ? before : null;
    const values = await checked(strapi, { ...before, ...params.data }, itself);
    if (itself !== null && itself.from !== values.from) await assertUnlinked(strapi, itself.from, 'changed');
    params.data = { ...params.data, ...values };
    return next();
  });
}

/** The redirect in its one form. @throws ValidationError (400) saying what is wrong with which field, and what to do */
async function checked(strapi: Core.Strapi, { from, to }: Values, itself: RedirectRow | null) {
  const { origin } = new URL(strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl'));
  const old = readFrom(textOf(from), origin);
  if (!old.ok) throw faultOf('from', old.fault);
  const target = readTo(textOf(to), origin);
  if (!target.ok) throw faultOf('to', target.fault);
  const page = await pageAt(strapi, old.address);
  if (page !== null) {
    throw faultOf(
      'from',
      `is the address of the ${page.type.info.displayName.toLowerCase()} "${page.title}". Patients see that page, so the ` +
        'redirect would never be used. Choose another address, or change the slug of that page: then a redirect is made by itself.',
    );
  }
  const twin = await redirectFrom(strapi, old.address);
  if (twin !== null && twin.id !== itself?.id) {
    throw faultOf(
      'from',
      `has a redirect already: ${old.address}. Change that one, or choose another address.`,
    );
  }
  return { from: old.address, to: await finalTarget(strapi, old.address, target.address, itself) };
}

function redirectFrom(strapi: Core.Strapi, from: string): Promise<RedirectRow | null> {
  return table<RedirectRow>(strapi, REDIRECT).findOne({ where: { from } });
}

/** Where a redirect leads in the end: chains are followed here, so that patients follow none. */
async function finalTarget(
  strapi: Core.Strapi,
  from: string,
  to: string,
  itself: RedirectRow | null,
): Promise<string> {
  const end = await endOf(to, from, async (path) => {
    const onward = await redirectFrom(strapi, path);
    return onward === null || onward.id === itself?.id ? undefined : onward.to;
  });
  if (end === null) {
    throw faultOf(
      'to',
      'leads back to the old address, so patients would go round in circles. Choose another page.',
    );
  }
  if (readEntryLink(end) !== null || isFixedPage(pathOf(end))) return end;
  const page = await pageAt(strapi, pathOf(end));
  if (page === null) {
    throw faultOf('to', `is ${end}, and there is no such page. Pick a page from the list.`);
  }
  // What names the entry stays right when its slug changes.
  const [, anchor = ''] = /#(.*)$/s.exec(end) ?? [];
  return entryLink({ type: page.type.info.singularName, documentId: page.documentId, anchor });
}

/** Links to the old address would lead nowhere without the redirect, unless a page has taken the address. */
async function assertUnlinked(strapi: Core.Strapi, from: string, done: string): Promise<void> {
  if ((await pageAt(strapi, from)) !== null) return;
  const dependents = await dependentsOfPath(strapi, from);
  if (dependents.length > 0) {
    throw new errors.ValidationError(refusal(`The redirect from ${from}`, done, dependents));
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function faultOf(field: 'from' | 'to', fault: string) {
  const label = field === 'from' ? 'Old address' : 'Leads to';
  return new errors.ValidationError(`${label}: ${fault}`, {
    errors: [{ path: [field], message: fault, name: 'ValidationError' }],
  });
}
