import type { StoredWish } from '../../store/wish-rows.ts';

/** Takes the last turn of a wish back, once in a row: else a connection that is always lost would keep all others waiting. */
export function giveBack(stored: StoredWish): void {
  const { before } = stored.doc;
  stored.cuts++;
  // That nobody answered says nothing about them.
  for (const one of stored.doc.history.values())
    if (one.at !== undefined && one.at === stored.lastTurn) one.at = one.previous;
  if (before === undefined || stored.cuts > 1) return;
  stored.lastTurn = before.lastTurn;
  stored.doc.skew = before.skew;
  stored.fruitless = before.fruitless;
  stored.variant = before.variant;
}
