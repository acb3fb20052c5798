import type { Candidate } from './candidate.ts';

/** What a turn changes of a wish. */
export type TurnState = {
  -readonly [K in 'lastTurn' | 'fruitless' | 'variant' | 'boostedAt']: Candidate[K];
};

/** The spelling that a wish searches next. */
export function nextSpelling({ spellings, variant }: Pick<Candidate, 'spellings' | 'variant'>): string {
  return spellings[variant % spellings.length] ?? '';
}

/**
 * What a search for `spelling` is to a wish that did not ask for it. `turn`: it is what the wish would search next, and so its
 * turn too. `guest`: one of its spellings, so that it takes the results; its own turn stays where it is, or else that of a
 * wish that is searched more often would keep its other spellings from ever being searched.
 */
export function shareOf(
  wish: Pick<Candidate, 'spellings' | 'variant'>,
  spelling: string,
): 'turn' | 'guest' | undefined {
  if (nextSpelling(wish) === spelling) return 'turn';
  return wish.spellings.includes(spelling) ? 'guest' : undefined;
}

/** How a wish stands after a turn in which `spelling` was searched, as long as nothing is found. */
export function afterTurn(
  { spellings, fruitless }: Pick<Candidate, 'spellings' | 'fruitless'>,
  spelling: string,
  at: number,
): TurnState {
  return {
    lastTurn: at,
    fruitless: fruitless + 1,
    variant: (spellings.indexOf(spelling) + 1) % Math.max(1, spellings.length),
    boostedAt: undefined,
  };
}
