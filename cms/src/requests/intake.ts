import type { Core } from '@strapi/strapi';
import type { MeridianConfig } from '../../config/meridian.ts';
import { table } from '../internals.ts';
import { withoutPersonalData } from './failures.ts';
import { inWords, type IntakeMessage } from './intake-message.ts';
import { sendDueMails } from './mail.ts';
import { REQUEST, TOMBSTONE, type RequestRow } from './records.ts';

/** What the site server is answered. */
export type IntakeAnswer =
  | { status: 200 | 201; reference: string }
  | { status: 409; error: { status: 409; name: string; message: string } };

/** How many requests may bear one reference before we give up; it takes an unlucky clinic to see two. */
const NAMESAKES = 20;

/**
 * Stores a request exactly once, however often and however concurrently it is handed over: the database's unique index
 * on the idempotency key decides. A request that was deleted meanwhile is answered as delivered and stays deleted.
 *
 * @returns 201 the first time, 200 for a repetition, 409 for another body with the same key
 * @throws CmsError without anything personal when the database fails
 */
export async function takeIn(strapi: Core.Strapi, message: IntakeMessage): Promise<IntakeAnswer> {
  try {
    return (await known(strapi, message)) ?? (await store(strapi, message));
  } catch (error) {
    throw withoutPersonalData(error, message.data.reference);
  }
}

async function store(strapi: Core.Strapi, message: IntakeMessage): Promise<IntakeAnswer> {
  const row = await newRow(strapi, message);
  const requests = table<RequestRow>(strapi, REQUEST);
  for (let namesake = 1; ; namesake += 1) {
    const reference = namesake === 1 ? row.reference : `${row.reference}-${String(namesake)}`;
    try {
      await requests.create({ data: { ...row, reference } });
      return await afterStoring(strapi, message);
    } catch (error) {
      const twin = await known(strapi, message);
      if (twin !== null) return twin;
      // Two site servers may have drawn the same reference: the second request must not be lost for it.
      const taken = (await requests.findOne({ where: { reference } })) !== null;
      if (!taken || namesake >= NAMESAKES) throw error;
    }
  }
}

/** An erasure that ran at the same moment saw no request yet; its tombstone is seen here. */
async function afterStoring(strapi: Core.Strapi, { key, data }: IntakeMessage): Promise<IntakeAnswer> {
  if (await isBuried(strapi, key, data.reference, data.receivedAt)) {
    await table(strapi, REQUEST).deleteMany({ where: { idempotencyKey: key } });
  } else {
    void sendDueMails(strapi);
  }
  return { status: 201, reference: data.reference };
}

/** The answer for a request that is here already or was deleted; null for a new one. */
async function known(strapi: Core.Strapi, { key, hash, data }: IntakeMessage): Promise<IntakeAnswer | null> {
  const existing = await table<RequestRow>(strapi, REQUEST).findOne({ where: { idempotencyKey: key } });
  if (existing === null) {
    const buried = await isBuried(strapi, key, data.reference, data.receivedAt);
    return buried ? { status: 200, reference: data.reference } : null;
  }
  if (existing.bodyHash === hash) return { status: 200, reference: data.reference };
  const message =
    `The idempotency key belongs to request ${existing.reference}, which was delivered with another body. ` +
    'Nothing was changed. A new request needs a key of its own.';
  return { status: 409, error: { status: 409, name: 'ConflictError', message } };
}

/** By key; by reference alone only for what was received before its erasure, for references may come again. */
async function isBuried(strapi: Core.Strapi, key: string, reference: string, receivedAt: string) {
  const where = {
    $or: [
      { idempotencyKey: key },
      { idempotencyKey: { $null: true }, reference, at: { $gte: new Date(receivedAt) } },
    ],
  };
  return (await table(strapi, TOMBSTONE).findOne({ where })) !== null;
}

async function newRow(strapi: Core.Strapi, { key, hash, data }: IntakeMessage) {
  const { frontDeskEmail } = strapi.config.get<MeridianConfig>('meridian');
  const now = new Date();
  return {
    ...inWords(data),
    topic: await nameOf(strapi, 'api::topic.topic', data.topic),
    provider: await nameOf(strapi, 'api::provider.provider', data.provider),
    stage: data.suspectedSpam ? 'spam' : 'new',
    idempotencyKey: key,
    bodyHash: hash,
    closedAt: data.suspectedSpam ? now : null,
    mailDueAt: data.suspectedSpam || frontDeskEmail === null ? null : now,
    mailAttempts: 0,
    publishedAt: now,
  };
}

/** The name of today: a topic that is renamed or deleted later takes nothing from what the patient asked. */
async function nameOf(
  strapi: Core.Strapi,
  uid: 'api::topic.topic' | 'api::provider.provider',
  documentId: string | null,
): Promise<string | null> {
  if (documentId === null) return null;
  const versions = await table<{ name: string; publishedAt: string | null }>(strapi, uid).findMany({
    where: { documentId },
  });
  const version = versions.find(({ publishedAt }) => publishedAt !== null) ?? versions[0];
  return version?.name ?? `No longer on the site (${documentId})`;
}
