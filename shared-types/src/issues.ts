import type { z } from 'zod';

/**
 * Says what is wrong with an entry that did not fit its contract, one line an issue:
 * `article "back-pain" field sections.2.heading: is empty. Fill it in in the CMS and publish again.`
 * Values are never repeated, for they may be personal; the entry is named by its slug, or else its document id.
 *
 * @param type singular name of the content type
 * @param entry the entry as it came from the CMS
 */
export function describeIssues(type: string, entry: unknown, error: z.ZodError): string[] {
  const name = entryName(entry);
  return error.issues.map((issue) => {
    const field = issue.path.map(String).join('.');
    const where = [type, name, field && `field ${field}`].filter(Boolean).join(' ');
    return `${where}: ${complaint(issue, valueAt(entry, issue.path))}`;
  });
}

function complaint(issue: z.core.$ZodIssue, value: unknown): string {
  const correct = 'in the CMS and publish again.';
  if (issue.code === 'invalid_union') {
    return `${issue.message}. Run "npm run generate" if the component is new, or else remove the section ${correct}`;
  }
  if (value === undefined) {
    return 'is missing from the answer of the CMS. Run "npm run generate", rebuild the CMS, and see that the token may read it.';
  }
  if (value === null || value === '') return `is empty. Fill it in ${correct}`;
  return `${issue.message}. Correct it ${correct}`;
}

function entryName(entry: unknown): string {
  const names = [valueAt(entry, ['slug']), valueAt(entry, ['documentId'])];
  const name = names.find((candidate) => typeof candidate === 'string' && candidate !== '');
  return typeof name === 'string' ? JSON.stringify(name.slice(0, 100)) : '';
}

/** What stands at a path within any value; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (Reflect.get(inner, key) as unknown)
        : undefined,
    value,
  );
}
