import type { Core } from '@strapi/strapi';
import { joinRows, type Transaction } from '../internals.ts';
import { joinTableOf, type Related, type Relations } from './dependents.ts';

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
  for (const [key, relation] of after) {
    const { uid, id, name, targets } = relation;
    const joinTable = joinTableOf(strapi, uid, name);
    if (targets.length < 2 || joinTable?.orderColumnName === undefined) continue;
    const owner = joinTable.joinColumn.name;
    const target = joinTable.inverseJoinColumn?.name ?? '';
    const order = joinTable.orderColumnName;
    const rows = await joinRows(strapi, joinTable.name, { [owner]: id });
    const places = new Map(rows.map((row) => [Number(row[target]), Number(row[order])]));
    const placed = targets.map((each) => ({ ...each, place: places.get(each.id) ?? 0 }));
    const wanted = inFormerOrder(placed, before.get(key)?.targets ?? []);
    kept.set(key, { ...relation, targets: wanted });
    if (wanted.every(({ place }, index) => index === 0 || place > (wanted[index - 1]?.place ?? 0))) continue;
    for (const [index, each] of wanted.entries()) {
      await transaction.raw('UPDATE ?? SET ?? = ? WHERE ?? = ? AND ?? = ?', [
        ...[joinTable.name, order, index + 1],
        ...[owner, id, target, each.id],
      ]);
    }
  }
  return kept;
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
