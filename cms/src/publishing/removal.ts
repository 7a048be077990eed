import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { isPublicType, service, table } from '../internals.ts';
import { dependentsOfEntry, dependentsOfFile, type Dependent } from './dependents.ts';
import { titleOf, type Titled } from './titles.ts';

const FILE = 'plugin::upload.file';
/** As many names as fit into a message that people read. */
const NAMED = 5;

interface Published extends Titled {
  documentId: string;
}

interface File {
  id: number;
  name: string;
  url: string;
}

/**
 * Refuses to unpublish or delete what published entries need, naming them, and single types, which the site cannot be
 * built without. Entries that go in the same bulk action do not need one another.
 */
export function guardRemoval(strapi: Core.Strapi): void {
  strapi.documents.use(async (context, next) => {
    const { uid, action, contentType } = context;
    if ((action !== 'unpublish' && action !== 'delete') || !isPublicType(contentType)) return next();
    const { documentId } = context.params;
    const where = { documentId, publishedAt: { $notNull: true } };
    const entry = await table<Published>(strapi, uid).findOne({ where });
    if (entry === null) return next();
    const name = entryName(contentType, entry);
    if (contentType.kind === 'singleType') {
      throw new errors.ValidationError(
        `${name} cannot be ${participle(action)}: the site cannot be built without it. ` +
          'Change what should no longer be seen, and publish that.',
      );
    }
    const together = inSameBulkAction(strapi, uid);
    const dependents = (await dependentsOfEntry(strapi, uid, entry)).filter(
      (each) => !(each.uid === uid && together.includes(each.documentId)),
    );
    if (dependents.length > 0)
      throw new errors.ValidationError(refusal(name, participle(action), dependents));
    return next();
  });
}

/** Refuses to delete files that published entries show, naming them, before anything of a selection is deleted. */
export function guardFiles(strapi: Core.Strapi): void {
  const files = table<File>(strapi, FILE);
  const uploads = service(strapi, 'plugin::upload.upload');
  const fileService = service(strapi, 'plugin::upload.file');
  const folders = service(strapi, 'plugin::upload.folder');
  const { remove } = uploads;
  const deleteFiles = fileService.deleteByIds;
  const deleteFolders = folders.deleteByIds;
  const inFolders = async (ids: readonly number[]): Promise<File[]> => {
    const paths = await table<{ path: string }>(strapi, 'plugin::upload.folder').findMany({
      where: { id: { $in: ids } },
    });
    const $or = paths.flatMap(({ path }) => [
      { folderPath: path },
      { folderPath: { $startsWith: `${path}/` } },
    ]);
    return $or.length === 0 ? [] : files.findMany({ where: { $or } });
  };

  uploads.remove = async (file) => {
    await assertUnused(strapi, await files.findMany({ where: { id: file.id } }));
    return remove(file);
  };
  fileService.deleteByIds = async (ids = []) => {
    await assertUnused(strapi, await files.findMany({ where: { id: { $in: ids } } }));
    return deleteFiles(ids);
  };
  folders.deleteByIds = async (ids = []) => {
    await assertUnused(strapi, await inFolders(ids));
    return deleteFolders(ids);
  };
}

async function assertUnused(strapi: Core.Strapi, files: readonly File[]): Promise<void> {
  for (const file of files) {
    const dependents = await dependentsOfFile(strapi, file);
    if (dependents.length > 0) {
      throw new errors.ValidationError(refusal(`The file "${file.name}"`, 'deleted', dependents));
    }
  }
}

/** The sentence that staff read when something is needed by published entries. */
export function refusal(name: string, done: string, dependents: readonly Dependent[]): string {
  const names = dependents
    .slice(0, NAMED)
    .map(({ typeName, title }) => (title === typeName ? typeName : `${typeName} "${title}"`));
  const more = dependents.length - names.length;
  const list = more > 0 ? `${names.join(', ')} and ${String(more)} more` : names.join(', ');
  const them = dependents.length === 1 ? 'that entry' : 'those entries';
  return (
    `${name} cannot be ${done}: it is shown or linked to by ${list}. ` +
    `Take it out of ${them}, publish ${dependents.length === 1 ? 'it' : 'them'}, and try again.`
  );
}

function entryName(
  type: { kind: 'collectionType' | 'singleType'; info: { displayName: string } },
  entry: Published,
): string {
  const { displayName } = type.info;
  return type.kind === 'singleType'
    ? displayName
    : `${displayName} "${titleOf(type, entry) ?? entry.documentId}"`;
}

function participle(action: 'unpublish' | 'delete'): string {
  return action === 'delete' ? 'deleted' : 'unpublished';
}

/** What else the admin's bulk action takes away, which happens in one transaction: all or nothing. */
function inSameBulkAction(strapi: Core.Strapi, uid: UID.ContentType): readonly unknown[] {
  const context = strapi.requestContext.get();
  if (context === undefined) return [];
  const bulk = `/collection-types/${uid}/actions/bulk`;
  if (!['Unpublish', 'Delete'].some((action) => context.path.endsWith(`${bulk}${action}`))) return [];
  const body: unknown = context.request.body;
  const ids = typeof body === 'object' && body !== null && 'documentIds' in body ? body.documentIds : [];
  return Array.isArray(ids) ? ids : [];
}
