import type { Core, UID } from '@strapi/strapi';
import { contentTypes } from '@strapi/utils';

/** One attribute of a content type or component, as far as its kind of value goes. */
export interface Attribute {
  type: string;
  target?: UID.ContentType;
  component?: UID.Component;
  components?: UID.Component[];
  repeatable?: boolean;
  multiple?: boolean;
  relation?: string;
}

/** Attributes by name. */
export type Attributes = Record<string, Attribute>;

/** What Strapi and Meridian themselves keep; none of it is anything that staff write. */
const SYSTEM = [
  'id',
  'documentId',
  'createdAt',
  'updatedAt',
  'publishedAt',
  'firstPublishedAt',
  'createdBy',
  'updatedBy',
  'locale',
  'localizations',
  'reviewStanding',
];

/** The attributes of a content type or component that staff write; empty for one that does not exist (any more). */
export function writtenAttributes(strapi: Core.Strapi, uid: string): Attributes {
  const model = Object.hasOwn(strapi.components, uid)
    ? strapi.components[uid as UID.Component]
    : strapi.contentTypes[uid as UID.ContentType];
  if (model === undefined) return {};
  const hidden = contentTypes.getNonVisibleAttributes(model);
  const all = Object.entries(model.attributes as unknown as Attributes);
  return Object.fromEntries(all.filter(([name]) => !SYSTEM.includes(name) && !hidden.includes(name)));
}
