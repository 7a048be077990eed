import type { Core } from '@strapi/strapi';
import { table } from '../internals.ts';
import { askRequests } from '../site-servers/servers.ts';
import type { Change } from './changes.ts';
import { onTheWay, type OnTheWay } from './on-the-way.ts';
import { findRequest } from './staff-writes.ts';
import { CHANGE, personName, REQUEST, type Person, type RequestRow, type Stage } from './records.ts';

const NEWEST = 5;
const DUPLICATES = 20;

/** A request in one line. */
export interface Brief {
  documentId: string;
  reference: string;
  stage: Stage;
  name: string;
  receivedAt: string;
  dueAt: string | null;
}

/** What the home page of the admin shows of the inbox. */
export interface Summary {
  new: number;
  overdue: number;
  spam: number;
  newest: Brief[];
  /** E-mails to the desk that could not be sent yet, and why the last of them could not. */
  mail: { failing: number; failure: string | null };
  onTheWay: OnTheWay;
}

/** What stands beside one request. */
export interface Surroundings {
  stage: Stage;
  assignee: { id: number; name: string } | null;
  people: { id: number; name: string }[];
  history: { at: string; by: string; changes: Change[] }[];
  duplicates: Brief[];
  mail: { sentAt: string | null; failure: string | null; attempts: number; nextAt: string | null };
}

const FAILING = { mailFailure: { $notNull: true }, mailedAt: { $null: true }, stage: 'new' };

/** How many requests nobody has seen to, how many of them are overdue, and how many e-mails about them were not sent. */
export async function countOpen(
  strapi: Core.Strapi,
): Promise<{ new: number; overdue: number; unsentMails: number }> {
  const requests = table<RequestRow>(strapi, REQUEST);
  return {
    new: await requests.count({ where: { stage: 'new' } }),
    overdue: await requests.count({ where: { stage: 'new', dueAt: { $lt: new Date() } } }),
    unsentMails: await requests.count({ where: FAILING }),
  };
}

/** Counts and newest requests. */
export async function summarize(strapi: Core.Strapi): Promise<Summary> {
  const requests = table<RequestRow>(strapi, REQUEST);
  const asked = askRequests(strapi);
  const [open, spam, newest, last] = [
    await countOpen(strapi),
    await requests.count({ where: { stage: 'spam' } }),
    await requests.findMany({ where: { stage: 'new' }, orderBy: { receivedAt: 'desc' }, limit: NEWEST }),
    await requests.findMany({ where: FAILING, orderBy: { id: 'desc' }, limit: 1 }),
  ];
  return {
    new: open.new,
    overdue: open.overdue,
    spam,
    newest: newest.map(brief),
    mail: { failing: open.unsentMails, failure: last[0]?.mailFailure ?? null },
    onTheWay: onTheWay(await asked),
  };
}

/** What belongs beside a request: assignee, history, duplicates; null when there is no such request. */
export async function surroundings(strapi: Core.Strapi, documentId: string): Promise<Surroundings | null> {
  const request = await findRequest(strapi, documentId);
  if (request === null) return null;
  const history = await table<{ at: string; by: string; changes: Change[] }>(strapi, CHANGE).findMany({
    where: { request: documentId },
    orderBy: { id: 'desc' },
  });
  const { assignee = null } = request;
  return {
    stage: request.stage,
    assignee: assignee === null ? null : { id: assignee.id, name: personName(assignee) },
    people: await deskPeople(strapi),
    history: history.map(({ at, by, changes }) => ({ at, by, changes })),
    duplicates: await duplicates(strapi, request),
    mail: {
      sentAt: request.mailedAt,
      failure: request.mailFailure,
      attempts: request.mailAttempts ?? 0,
      nextAt: request.mailDueAt,
    },
  };
}

/** Who may work on requests: active people of the roles that see them. */
export async function deskPeople(strapi: Core.Strapi): Promise<{ id: number; name: string }[]> {
  const people = await table<Person>(strapi, 'admin::user').findMany({
    where: {
      isActive: true,
      roles: { code: { $in: ['meridian-front-desk', 'strapi-super-admin'] } },
    },
    orderBy: { id: 'asc' },
  });
  return people.map((person) => ({ id: person.id, name: personName(person) }));
}

async function duplicates(strapi: Core.Strapi, request: RequestRow): Promise<Brief[]> {
  const { documentId, phone, email } = request;
  const same = [
    ...(phone === null ? [] : [{ phone }]),
    ...(email === null ? [] : [{ email: { $eqi: email } }]),
  ];
  if (same.length === 0) return [];
  const found = await table<RequestRow>(strapi, REQUEST).findMany({
    where: { documentId: { $ne: documentId }, $or: same },
    orderBy: { receivedAt: 'desc' },
    limit: DUPLICATES,
  });
  return found.map(brief);
}

function brief({ documentId, reference, stage, name, receivedAt, dueAt }: RequestRow): Brief {
  return { documentId, reference, stage, name, receivedAt, dueAt };
}
