/** The content type of consultation requests. */
export const REQUEST = 'api::consultation-request.consultation-request';

const LIST = `/content-manager/collection-types/${REQUEST}`;

/** Where the admin shows one request. */
export function requestAddress(documentId: string): string {
  return `${LIST}/${documentId}`;
}

/** The list, newest first, of the requests for which the conditions hold, each `[field][operator]=value`. */
export function listAddress(...conditions: string[]): string {
  const filters = conditions.map((condition, index) => `&filters[$and][${String(index)}]${condition}`);
  return `${LIST}?page=1&pageSize=20&sort=receivedAt:DESC${filters.join('')}`;
}

/** Condition of a list: requests of one status. */
export function stageIs(stage: string): string {
  return `[stage][$eq]=${stage}`;
}

/** Conditions of a list: new requests whose promised time has passed. */
export function overdue(now: Date): string[] {
  return [stageIs('new'), `[dueAt][$lt]=${now.toISOString()}`];
}
