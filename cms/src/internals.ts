import { contentTypes } from '@meridian/shared-types';
import type { Core, UID } from '@strapi/strapi';

/** What somebody may do. */
interface Ability {
  can: (action: string, subject: string) => boolean;
}

/** Strapi's own services that Meridian calls; Strapi declares them as `any`. This file is the one door to them. */
interface Services {
  'admin::api-token': { hash: (accessKey: string) => string };
  'admin::auth': { validatePassword: (password: string, hash: string) => Promise<boolean> };
  'admin::content-type': {
    getNestedFields: (model: unknown, options: { components: unknown }) => string[];
  };
  'admin::permission': {
    engine: { generateUserAbility: (user: unknown) => Promise<Ability> };
  };
  'admin::role': {
    create: (role: { name: string; code: string; description: string }) => Promise<{ id: number }>;
    addPermissions: (roleId: number, permissions: readonly unknown[]) => Promise<unknown>;
    assignPermissions: (roleId: number, permissions: readonly unknown[]) => Promise<unknown>;
    deleteByIds: (ids: number[]) => Promise<unknown>;
    getSuperAdmin: () => Promise<{ id: number }>;
  };
  'admin::user': {
    exists: () => Promise<boolean>;
    create: (user: Record<string, unknown>) => Promise<unknown>;
  };
  'plugin::upload.file': {
    deleteByIds: (ids?: number[]) => Promise<unknown>;
  };
  'plugin::upload.folder': {
    deleteByIds: (ids?: number[]) => Promise<unknown>;
  };
  'plugin::content-manager.document-manager': {
    publishMany: (uid: string, documentIds: string[], locale?: unknown) => Promise<number>;
  };
  'plugin::content-manager.permission-checker': {
    create: (options: { userAbility: Ability; model: string }) => {
      can: { publish: (entry: unknown) => boolean };
    };
  };
  'plugin::email.email': {
    send: (mail: { to: string; subject: string; text: string }) => Promise<unknown>;
  };
  'plugin::upload.image-manipulation': {
    isFaultyImage: (file: { filepath: string }) => Promise<boolean>;
    optimize: (file: unknown) => Promise<unknown>;
  };
  'plugin::upload.upload': {
    remove: (file: { id: number }) => Promise<unknown>;
    upload: (
      request: {
        data: { fileInfo: { name: string; alternativeText: string; caption: string } };
        files: UploadedFile | UploadedFile[];
      },
      options?: unknown,
    ) => Promise<{ id: number }[]>;
    replace: (
      id: number | string,
      request: { data: unknown; file: UploadedFile },
      options?: unknown,
    ) => Promise<unknown>;
  };
}

/** A file on its way into the media library. `detectedMimeType` is what its bytes say; `size` in bytes. */
export interface UploadedFile {
  filepath: string;
  originalFilename: string | null;
  mimetype: string | null;
  detectedMimeType?: string;
  size: number;
}

/** One request to the CMS with its answer, as handlers of our own routes meet it. */
export type RequestContext = Parameters<Core.MiddlewareHandler>[0];

/** Rows of one table, as Strapi's query engine reads and writes them. */
interface Table<Row> {
  findOne(query: Record<string, unknown>): Promise<Row | null>;
  findMany(query: Record<string, unknown>): Promise<Row[]>;
  create(query: { data: Record<string, unknown> }): Promise<Row>;
  update(query: { where: Record<string, unknown>; data: Record<string, unknown> }): Promise<Row>;
  delete(query: { where: Record<string, unknown> }): Promise<Row | null>;
  updateMany(query: {
    where: Record<string, unknown>;
    data: Record<string, unknown>;
  }): Promise<{ count: number }>;
  count(query: { where: Record<string, unknown> }): Promise<number>;
  deleteMany(query: { where: Record<string, unknown> }): Promise<unknown>;
}

/** A transaction of the database, as far as Meridian needs it. */
export interface Transaction {
  /** Tells one transaction from another; nested ones are the same. */
  readonly identity: object;
  /** Runs a statement within it. */
  raw(statement: string, values: readonly unknown[]): Promise<unknown>;
  /** Runs `callback` when, and only when, the transaction (the outermost one, if it is nested) is committed. */
  onCommit: (callback: () => void) => void;
}

/** Runs `work` in a transaction: in the one that is open already, or in a new one that its end commits. */
export async function inTransaction<Result>(
  strapi: Core.Strapi,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return strapi.db.transaction((opened) => {
    const { trx, onCommit } = opened as {
      trx: Pick<Transaction, 'raw'>;
      onCommit: (callback: () => void) => void;
    };
    return work({
      identity: trx,
      raw: (statement, values) => trx.raw(statement, values),
      onCommit: (callback) => onCommit(callback),
    });
  });
}

/** One of Strapi's services, typed. */
export function service<Name extends keyof Services>(strapi: Core.Strapi, name: Name): Services[Name] {
  return strapi.service(name) as Services[Name];
}

/** The table of a content type, with the columns that the caller asks for. */
export function table<Row>(strapi: Core.Strapi, uid: UID.Schema): Table<Row> {
  return strapi.db.query(uid);
}

/** Rows of a table that is no content type, such as the one that joins entries and their components. */
export async function joinRows(
  strapi: Core.Strapi,
  name: string,
  where: Record<string, unknown>,
): Promise<Record<string, unknown>[]> {
  const query = strapi.db.queryBuilder(name).select('*').where(where);
  return query.execute<Record<string, unknown>[]>({ mapResults: false });
}

/** What is called after a row was written, within the transaction of the write. */
type Hook = (event: { result: unknown }) => Promise<void>;

/** Calls hooks after rows of one table were written. */
export function lifecycles(
  strapi: Core.Strapi,
  uid: UID.Schema,
  hooks: Partial<Record<'afterUpdate' | 'afterDelete', Hook>>,
): void {
  const subscriber = { models: [uid], ...hooks } as Parameters<typeof strapi.db.lifecycles.subscribe>[0];
  strapi.db.lifecycles.subscribe(subscriber);
}

/** Whether entries of a type are pages or parts of pages: it is Meridian's own and has Draft & Publish. */
export function isPublicType(type: { uid: string; options?: { draftAndPublish?: boolean } }): boolean {
  return type.uid.startsWith('api::') && type.options?.draftAndPublish === true;
}

/** A content type of Meridian. */
export interface ContentType {
  uid: UID.ContentType;
  kind: 'collectionType' | 'singleType';
  info: { singularName: string; displayName: string };
  options?: { draftAndPublish?: boolean };
}

/** All content types of which entries are published: Meridian's own with Draft & Publish, by uid. */
export function publicTypes(strapi: Core.Strapi): ContentType[] {
  const types = Object.values(strapi.contentTypes as unknown as Record<string, ContentType>);
  return types.filter(isPublicType).sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

/**
 * All content types that the site reads: those of the contract, by uid. One without Draft & Publish, such as redirects,
 * is public as soon as it is saved.
 */
export function siteTypes(strapi: Core.Strapi): ContentType[] {
  const types = Object.values(strapi.contentTypes as unknown as Record<string, ContentType>);
  return types.filter(isSiteType).sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

/** Whether the site reads entries of a type. */
export function isSiteType({ uid }: { uid: string }): boolean {
  return Object.values(contentTypes).some((type) => type.uid === uid);
}

/** What a person may do with entries of a type; without an entry: with any at all. */
export interface PermissionChecker {
  cannot: { read: (entry?: unknown) => boolean; update: (entry?: unknown) => boolean };
  /** Leaves of `data` what the person may write into `entry`. */
  sanitizeUpdateInput: (
    entry: unknown,
  ) => (data: Record<string, unknown>) => Promise<Record<string, unknown>>;
}

/** The content manager's permission checker for a person's ability. */
export function permissionChecker(
  strapi: Core.Strapi,
  userAbility: unknown,
  model: UID.ContentType,
): PermissionChecker {
  const checkers = strapi.plugin('content-manager').service<{
    create: (options: { userAbility: unknown; model: UID.ContentType }) => PermissionChecker;
  }>('permission-checker');
  return checkers.create({ userAbility, model });
}

/** How the admin shows a content type or component. */
export interface ViewConfiguration {
  metadatas: Record<string, { edit: { label?: string } } | undefined>;
}

/** How the admin shows a content type and the components that it holds, by uid. */
export async function viewConfigurations(
  strapi: Core.Strapi,
  uid: UID.ContentType,
): Promise<Record<string, ViewConfiguration | undefined>> {
  const { findConfiguration, findComponentsConfigurations } = strapi.plugin('content-manager').service<{
    findConfiguration: (type: unknown) => Promise<ViewConfiguration>;
    findComponentsConfigurations: (type: unknown) => Promise<Record<string, ViewConfiguration>>;
  }>('content-types');
  const type = strapi.contentType(uid);
  return { ...(await findComponentsConfigurations(type)), [uid]: await findConfiguration(type) };
}

/** Writes columns of one row, and nothing else: neither the time of its last change nor hooks follow. */
export async function writeColumns(
  strapi: Core.Strapi,
  uid: UID.Schema,
  id: number,
  data: Record<string, unknown>,
): Promise<void> {
  await strapi.db.queryBuilder(uid).where({ id }).update(data).execute();
}
