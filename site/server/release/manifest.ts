import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTimeZone, preferredTimes } from '@meridian/shared-types';
import { z } from 'zod';
import { scriptsFile } from '../../src/integrations/own-scripts.ts';
import { messageOf, ServerError, systemCode } from '../errors.ts';
import { slotNames } from '../slot-marks.ts';

const dayOfWeek = z.enum(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']);

const hoursSchema = z.object({
  timeZone: z.string().refine(isTimeZone, 'must be the name of a time zone such as America/Los_Angeles'),
  openingHours: z.array(z.object({ dayOfWeek, opens: z.string(), closes: z.string() })),
  closures: z.array(
    z.object({ validFrom: z.string(), validThrough: z.string(), reason: z.string().nullish().default(null) }),
  ),
});

const pathSchema = z
  .string()
  .regex(/^\/(?![/\\])[^\\\s]*$/, 'must be a path of this site such as /articles/');

/**
 * What the form on the consultation page asks and what may be chosen: document ids of topics and providers, days and
 * times. `responseHours`: within how many opening hours the clinic promises to answer.
 */
const requestFormSchema = z.object({
  questions: z.array(z.enum(['topic', 'provider', 'days', 'times', 'returning', 'message'])),
  topics: z.array(z.object({ id: z.string(), slug: z.string() })),
  providers: z.array(z.string()),
  days: z.array(dayOfWeek),
  times: z.array(z.enum(preferredTimes)),
  responseHours: z.number().nullable(),
});

/** Scripts that pages may run, as a policy of content names them. */
const scriptsSchema = z.array(z.string().regex(/^'sha256-[A-Za-z0-9+/]{43}='$/));

/**
 * What a build says of itself in `release.json`: the clinic as answers at request time need it, every page with its
 * title, addresses that moved, the `revision` of the CMS that it shows, and the clinic's `day` on which it was built.
 * `builtFrom` (a fingerprint of code and settings) and `contentDigest` tell later builds what they need not do again.
 */
const contentSchema = z.object({
  clinic: hoursSchema.extend({ name: z.string().min(1), telephone: z.string().min(1) }),
  pages: z.array(z.object({ path: pathSchema, title: z.string() })).min(1),
  redirects: z.array(z.object({ from: pathSchema, to: pathSchema })),
  revision: z.int().nonnegative().default(0),
  day: z.string().nullable().default(null),
  builtFrom: z.string().default(''),
  contentDigest: z.string().default(''),
  consultation: requestFormSchema.nullish(),
  scripts: scriptsSchema.default([]),
});

/**
 * What the server needs to know of a file of the release. Sizes are bytes; `null`: that encoding is not prepared. `quick`:
 * it was compressed in haste, and a later release does it better.
 */
const fileSchema = z.object({
  hash: z.string(),
  size: z.number(),
  br: z.number().nullable(),
  gzip: z.number().nullable(),
  slots: z.array(z.enum(slotNames)),
  quick: z.boolean().optional(),
});

/** `files.json`: every file that may be served, by its path below `public`, such as `articles/index.html`. */
const filesSchema = z.object({ id: z.string(), files: z.record(z.string(), fileSchema) });

export type ReleaseContent = z.infer<typeof contentSchema>;
export type ReleaseFile = z.infer<typeof fileSchema>;
export type ReleaseFiles = z.infer<typeof filesSchema>;

export const contentFile = 'release.json';
export const filesFile = 'files.json';

/**
 * Reads the `release.json` of a build or a release.
 * @throws ServerError when it is missing, not JSON or of another shape.
 */
export function readContent(folder: string): Promise<ReleaseContent> {
  return readJson(join(folder, contentFile), contentSchema, 'Build the site again: npm run build.');
}

/**
 * Reads which scripts the pages of a build have; none where it does not say.
 * @throws ServerError when the list is not JSON or of another shape.
 */
export async function readScripts(dist: string): Promise<string[]> {
  const file = join(dist, scriptsFile);
  return existsSync(file) ? readJson(file, scriptsSchema, 'Build the site again: npm run build.') : [];
}

/**
 * Reads the list of files of a release.
 * @throws ServerError when it is missing, not JSON or of another shape.
 */
export function readFiles(release: string): Promise<ReleaseFiles> {
  return readJson(join(release, filesFile), filesSchema, 'Make the release again: npm run build.');
}

async function readJson<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  remedy: string,
): Promise<z.infer<Schema>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const reason = systemCode(error) === 'ENOENT' ? 'it does not exist' : messageOf(error);
    throw new ServerError(`Cannot read ${path}: ${reason}. ${remedy}`, { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ServerError(`${path} is not JSON: ${messageOf(error)}. ${remedy}`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new ServerError(
      `${path} has another shape than expected:\n${z.prettifyError(parsed.error)}\n${remedy}`,
    );
  }
  return parsed.data;
}
