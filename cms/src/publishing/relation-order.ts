import type { Core } from '@strapi/strapi';
import { joinRows, type Transaction } from '../internals.ts';
import { type JoinTable, joinTableOf, type Related, type Relations } from './dependents.ts';

/**
 * Keeps what relates to a published entry in the order that it had. Strapi takes the entry's last version out and puts the
 * new one in, at a place that another one may have already, and which of both comes first is then up to the database.
 *
 * @returns the relations as they are now
 */
export async function keepOrder(
  strapi: Core.Strapi,
  transaction: Transaction,
  before: Relations,
  after: Relations,
): Promise<Relations> {
  const kept = new Map(after);
  const several = [...after].filter(([, { targets }]) => targets.length > 1);
  // Very many entries may relate to one, such as articles to their topic: one look at each table serves all of them.
  for (const alike of Map.groupBy(several, ([, { uid, name }]) => `${uid} ${name}`).values()) {
    const [first] = alike;
    const joinTable = first === undefined ? undefined : joinTableOf(strapi, first[1].uid, first[1].name);
    if (joinTable?.orderColumnName === undefined) continue;
    const owner = joinTable.joinColumn.name;
    const target = joinTable.inverseJoinColumn?.name ?? '';
    const order = joinTable.orderColumnName;
    const ids = alike.map(([, { id }]) => id);
    const rows = await joinRows(strapi, joinTable.name, { [owner]: { $in: ids } });
    const places = new Map(
      rows.map((row) => [`${String(row[owner])} ${String(row[target])}`, Number(row[order])]),
    );
    for (const [key, relation] of alike) {
      const { id, targets } = relation;
      const placed = targets.map((each) => ({ ...each, place: places.get(`${id} ${each.id}`) ?? 0 }));
      const wanted = inFormerOrder(placed, before.get(key)?.targets ?? []);
      kept.set(key, { ...relation, targets: wanted });
      if (!isRising(wanted)) await writeOrder(transaction, joinTable, id, wanted);
    }
  }
  return kept;
}

/** Whether the database, too, can tell which comes first. */
function isRising(targets: readonly { place: number }[]): boolean {
  return targets.every(({ place }, index) => index === 0 || place > (targets[index - 1]?.place ?? 0));
}

async function writeOrder(
  transaction: Transaction,
  { name, joinColumn, inverseJoinColumn, orderColumnName }: JoinTable,
  owner: number,
  targets: readonly Related[],
): Promise<void> {
  for (const [index, { id }] of targets.entries()) {
    await transaction.raw('UPDATE ?? SET ?? = ? WHERE ?? = ? AND ?? = ?', [
      ...[name, orderColumnName, index + 1],
      ...[joinColumn.name, owner, inverseJoinColumn?.name, id],
    ]);
  }
}

/** Those that were there before in their order then; each new one at its place, ahead of who has the same. */
export function inFormerOrder<Target extends Related & { place: number }>(
  targets: readonly Target[],
  before: readonly Related[],
): Target[] {
  const rank = new Map(before.map(({ documentId }, index) => [documentId, index]));
  const rankOf = ({ documentId }: Target) => rank.get(documentId) ?? -1;
  const wanted = targets.filter((target) => rankOf(target) >= 0).sort((a, b) => rankOf(a) - rankOf(b));
  const added = targets
    .filter((target) => rankOf(target) < 0)
    .sort((a, b) => a.place - b.place || a.id - b.id);
  for (const target of added.toReversed()) {
    const next = wanted.findIndex(({ place }) => place >= target.place);
    wanted.splice(next < 0 ? wanted.length : next, 0, target);
  }
  return wanted;
}
