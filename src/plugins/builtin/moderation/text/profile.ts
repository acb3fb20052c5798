import { bare } from './fold.ts';
import { alikeness, pairsOf } from './similarity.ts';

/** What is needed of a line to compare it with others. */
export interface Profile {
  readonly bare: string;
  readonly pairs: Uint32Array;
}

/** Lines that are looked back on come again with every new one. 8 kB each at most, 300 bytes as a rule. */
const KEPT = 500;

const known = new Map<string, Profile>();

/** A line's profile; computed once for the lines of the last time. */
export function profileOf(text: string): Profile {
  const found = known.get(text);
  if (found !== undefined) return found;
  const plain = bare(text);
  const profile = { bare: plain, pairs: pairsOf(plain) };
  if (known.size >= KEPT) known.delete(known.keys().next().value!);
  known.set(text, profile);
  return profile;
}

/** How alike two lines are, from 0 to 1. */
export function likeness(a: Profile, b: Profile): number {
  return a.bare === b.bare ? 1 : alikeness(a.pairs, b.pairs);
}
