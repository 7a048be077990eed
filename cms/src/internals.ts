import type { Core, UID } from '@strapi/strapi';

/** Strapi's own services that Meridian calls; Strapi declares them as `any`. This file is the one door to them. */
interface Services {
  'admin::api-token': { hash: (accessKey: string) => string };
  'admin::content-type': {
    getNestedFields: (model: unknown, options: { components: unknown }) => string[];
  };
  'admin::role': {
    create: (role: { name: string; code: string; description: string }) => Promise<{ id: number }>;
    assignPermissions: (roleId: number, permissions: readonly unknown[]) => Promise<unknown>;
    deleteByIds: (ids: number[]) => Promise<unknown>;
    getSuperAdmin: () => Promise<{ id: number }>;
  };
  'admin::user': {
    exists: () => Promise<boolean>;
    create: (user: Record<string, unknown>) => Promise<unknown>;
  };
  'plugin::email.email': {
    send: (mail: { to: string; subject: string; text: string }) => Promise<unknown>;
  };
  'plugin::upload.upload': {
    upload: (request: {
      data: { fileInfo: { name: string; alternativeText: string; caption: string } };
      files: { filepath: string; originalFilename: string; mimetype: string; size: number };
    }) => Promise<{ id: number }[]>;
  };
}

/** One request to the CMS with its answer, as handlers of our own routes meet it. */
export type RequestContext = Parameters<Core.MiddlewareHandler>[0];

/** Rows of one table, as Strapi's query engine reads and writes them. */
interface Table<Row> {
  findOne(query: Record<string, unknown>): Promise<Row | null>;
  findMany(query: Record<string, unknown>): Promise<Row[]>;
  create(query: { data: Record<string, unknown> }): Promise<Row>;
  update(query: { where: Record<string, unknown>; data: Record<string, unknown> }): Promise<Row>;
  updateMany(query: {
    where: Record<string, unknown>;
    data: Record<string, unknown>;
  }): Promise<{ count: number }>;
  count(query: { where: Record<string, unknown> }): Promise<number>;
  deleteMany(query: { where: Record<string, unknown> }): Promise<unknown>;
}

/** One of Strapi's services, typed. */
export function service<Name extends keyof Services>(strapi: Core.Strapi, name: Name): Services[Name] {
  return strapi.service(name) as Services[Name];
}

/** The table of a content type, with the columns that the caller asks for. */
export function table<Row>(strapi: Core.Strapi, uid: UID.Schema): Table<Row> {
  return strapi.db.query(uid);
}

/** A content type of Meridian. */
export interface ContentType {
  uid: UID.ContentType;
  kind: 'collectionType' | 'singleType';
  options?: { draftAndPublish?: boolean };
}

/** All content types that patients see: Meridian's own with Draft & Publish, by uid. */
export function publicTypes(strapi: Core.Strapi): ContentType[] {
  const types = Object.values(strapi.contentTypes as unknown as Record<string, ContentType>);
  return types
    .filter((type) => type.uid.startsWith('api::') && type.options?.draftAndPublish === true)
    .sort((a, b) => (a.uid < b.uid ? -1 : 1));
}
