import type { SearchHit } from '../../../plugins/api/search.ts';
import type { StoredWish } from '../../store/wish-rows.ts';
import type { Judged } from './findings.ts';
import { countDrop } from './tally.ts';

/** A result that comes to nothing. */
export interface Drop {
  readonly hit: SearchHit;
  readonly filter: string;
  readonly detail: string;
}

/** Those that come to nothing, and why. */
export function dropsOf({ left, known, old }: Judged): Drop[] {
  const detail = {
    left: 'more finds than one turn may have',
    known: 'somebody else has it too, which is not to be told',
    old: 'seen before, and nothing has changed',
  };
  return [
    ...left.map(({ hit }) => ({ hit, filter: 'limit', detail: detail.left })),
    ...known.map(({ passing }) => ({ hit: passing.hit, filter: 'seen', detail: detail.known })),
    ...old.map(({ hit }) => ({ hit, filter: 'seen', detail: detail.old })),
  ];
}

/** Counts them, in this turn and altogether. */
export function countDrops({ doc }: StoredWish, drops: readonly Drop[]): void {
  for (const { hit, filter, detail } of drops)
    for (const tally of [doc.last, doc.total]) countDrop(tally, filter, hit, detail);
}
