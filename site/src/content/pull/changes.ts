import { z } from 'zod';
import { BuildError } from '../../errors.ts';
import type { CmsClient } from './client.ts';

const changeSchema = z.object({
  revision: z.int().positive(),
  type: z.string().min(1),
  documentId: z.string().min(1),
  action: z.enum(['publish', 'unpublish', 'delete', 'update']),
});
const answerSchema = z.object({
  data: z.array(changeSchema),
  meta: z.object({ revision: z.int().nonnegative(), complete: z.boolean() }),
});

/** A line of the CMS's revision log. `type` is a content type's singular name, or `media` for a file. */
export type Change = z.infer<typeof changeSchema>;

/** `changes` is all that happened after a revision, up to `revision`; null: the log does not reach back that far. */
export interface Changes {
  revision: number;
  changes: readonly Change[] | null;
}

/** Type of the changes of files in the media library. */
export const mediaType = 'media';

/**
 * Reads the CMS's revision log after a revision, page by page.
 *
 * @throws BuildError when the CMS cannot be read, keeps no such log, or answers in another form
 */
export async function changesSince(client: CmsClient, since: number): Promise<Changes> {
  const changes: Change[] = [];
  for (let from = since; ;) {
    const { data, meta } = await page(client, from);
    if (!meta.complete) return { revision: meta.revision, changes: null };
    for (const change of data) {
      if (change.revision <= from || change.revision > meta.revision) throw otherForm();
      changes.push(change);
      from = change.revision;
    }
    if (from >= meta.revision) return { revision: meta.revision, changes };
    // Revisions that were taken back leave holes, so an empty page is the end of the log too.
    if (data.length === 0) return { revision: meta.revision, changes };
  }
}

/**
 * The CMS's latest revision; 0 when nothing was ever published. Throws as `changesSince` does.
 *
 * @param since a revision near the latest spares the CMS a long answer
 */
export async function latestRevision(client: CmsClient, since = 0): Promise<number> {
  return (await page(client, since)).meta.revision;
}

async function page(client: CmsClient, since: number) {
  const answer = await client.json(`/api/changes?since=${since}`);
  if (answer === null) {
    throw new BuildError(
      'The CMS has no /api/changes, so nobody can tell what was published. Build and start the CMS of this project anew, and see that CMS_URL leads to it. Nothing was built; the site that is live stays as it is.',
    );
  }
  const result = answerSchema.safeParse(answer);
  if (!result.success) throw otherForm(result.error);
  return result.data;
}

function otherForm(cause?: unknown): BuildError {
  return new BuildError(
    'The CMS answers /api/changes in a form that is not that of a revision log. See that CMS_URL leads to the CMS of this project.',
    { cause },
  );
}
