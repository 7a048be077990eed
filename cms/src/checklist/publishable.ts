import {
  checklist,
  faultText,
  type Finding,
  findingText,
  questionsOf,
} from '@meridian/shared-types/checklist';
import type { Core, UID } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import type { MeridianConfig } from '../../config/meridian.ts';
import { titleOf } from '../publishing/titles.ts';
import { answerQuestions } from './answers.ts';
import { contractOf, findEntry } from './entries.ts';

/** As many findings of one entry as fit into a message that people read. */
const NAMED = 5;

/** An entry that may not be published, and why. */
export interface Blocked {
  name: string;
  findings: Finding[];
}

/**
 * What keeps the draft of an entry from patients; null when nothing does, or there is no draft.
 *
 * @param uid of a type with Draft & Publish
 */
export async function blockedDraft(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<Blocked | null> {
  const type = contractOf(uid)?.singularName;
  const entry = type === undefined ? null : await findEntry(strapi, uid, documentId, 'draft');
  if (type === undefined || entry === null) return null;
  const { origin } = new URL(strapi.config.get<MeridianConfig['siteUrl']>('meridian.siteUrl'));
  const asked = questionsOf(type, entry, origin);
  const around = await answerQuestions(strapi, uid, documentId, asked, () => true);
  const findings = checklist(type, entry, around).filter(({ level }) => level === 'blocks');
  if (findings.length === 0) return null;
  const contentType = strapi.contentType(uid);
  const { displayName } = contentType.info;
  const name =
    contentType.kind === 'singleType'
      ? displayName
      : `${displayName} "${titleOf(contentType, entry) ?? documentId}"`;
  return { name, findings };
}

/** @throws ValidationError naming everything that keeps the draft of an entry from patients, each with its field */
export async function assertPublishable(
  strapi: Core.Strapi,
  uid: UID.ContentType,
  documentId: string,
): Promise<void> {
  const blocked = await blockedDraft(strapi, uid, documentId);
  if (blocked === null) return;
  throw new errors.ValidationError(`${blocked.name} cannot be published. ${reasons(blocked.findings)}`, {
    errors: blocked.findings.map((finding) => ({
      path: finding.path.split('.'),
      message: faultText(finding),
      name: 'ValidationError',
    })),
  });
}

/** Why an entry cannot be published, as far as people read on. */
export function reasons(findings: readonly Finding[]): string {
  const texts = findings.slice(0, NAMED).map(findingText);
  const more = findings.length - texts.length;
  return more > 0 ? `${texts.join(' ')} And ${String(more)} more.` : texts.join(' ');
}
