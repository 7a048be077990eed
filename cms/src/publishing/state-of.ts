import type { Core } from '@strapi/strapi';
import { publicPath, type Status } from '@meridian/shared-types';
import type { MeridianConfig } from '../../config/meridian.ts';
import { clinicZone } from '../clinic/time-zone.ts';
import { siteTypes, table, type ContentType } from '../internals.ts';
import { changesSince, lastRevision } from '../revisions/log.ts';
import { askStatus } from '../site-servers/servers.ts';
import type { EntryAnswer, Fault, SiteAnswer } from './answers.ts';
import { entryState } from './entry-state.ts';
import { editPath, releaseList } from './release-list.ts';

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
    clinicZone(strapi),
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
    clinicZone(strapi),
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

function siteUrl(strapi: Core.Strapi): string {
  return strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl');
}
