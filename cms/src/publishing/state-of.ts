import type { Core } from '@strapi/strapi';
import { publicPath, type Status } from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { siteTypes, table, type ContentType } from '../internals.ts';
import { changesSince, lastRevision } from '../revisions/log.ts';
import { askStatus } from '../site-servers/servers.ts';
import type { EntryAnswer, Fault, SiteAnswer } from './answers.ts';
import { entryState } from './entry-state.ts';
import { editPath, releaseList } from './release-list.ts';

/** Used until the clinic has said where it is. */
const FALLBACK_TIME_ZONE = 'America/Los_Angeles';

/** Where one entry stands, for the panel beside Publish. */
export async function stateOfEntry(
  strapi: Core.Strapi,
  type: ContentType,
  documentId: string,
): Promise<Omit<EntryAnswer, 'mayDecide'>> {
  const { singularName } = type.info;
  const where = { documentId, publishedAt: { $notNull: true } };
  const [{ status }, published, last, timeZone] = await Promise.all([
    askStatus(strapi),
    table<{ slug?: string | null }>(strapi, type.uid).findOne({ where }),
    lastRevision(strapi, singularName, documentId),
    clinicTimeZone(strapi),
  ]);
  const state = entryState({
    isPublished: published !== null,
    revision: last?.revision ?? null,
    status,
    faults: faultsOf(strapi, status),
  });
  const path = published === null ? null : publicPath(singularName, published.slug ?? null);
  return { state, pageUrl: path === null ? null : `${siteUrl(strapi)}${path}`, timeZone };
}

/** How the whole site stands, with its last releases. @param mayRead whether the person may read a type */
export async function stateOfSite(
  strapi: Core.Strapi,
  mayRead: (uid: string) => boolean,
): Promise<Omit<SiteAnswer, 'mayDecide'>> {
  const [{ status }, { meta }, timeZone] = await Promise.all([
    askStatus(strapi),
    changesSince(strapi, Number.MAX_SAFE_INTEGER),
    clinicTimeZone(strapi),
  ]);
  const state = entryState({
    isPublished: true,
    revision: meta.revision,
    status,
    faults: faultsOf(strapi, status),
  });
  const releases = await releaseList(strapi, status, mayRead);
  const held = status?.state === 'held' && status.hold !== null ? status.hold : null;
  return {
    state: held === null ? state : { name: 'rolled-back', by: held.by, since: held.since },
    siteUrl: `${siteUrl(strapi)}/`,
    releases,
    timeZone,
  };
}

function faultsOf(strapi: Core.Strapi, status: Status | null): Fault[] {
  const types = siteTypes(strapi);
  return (status?.failure?.entries ?? []).map(({ type, documentId, title, message }) => {
    const known = types.find(({ info }) => info.singularName === type);
    return {
      typeName: known?.info.displayName ?? type,
      title,
      message,
      editPath: known === undefined ? null : editPath(known, documentId),
    };
  });
}

async function clinicTimeZone(strapi: Core.Strapi): Promise<string> {
  const clinic = await table<{ timeZone?: string | null }>(strapi, 'api::clinic.clinic').findOne({
    where: { publishedAt: { $notNull: true } },
  });
  const timeZone = clinic?.timeZone ?? '';
  return isTimeZone(timeZone) ? timeZone : FALLBACK_TIME_ZONE;
}

function isTimeZone(name: string): boolean {
  if (name === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function siteUrl(strapi: Core.Strapi): string {
  return strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl');
}
