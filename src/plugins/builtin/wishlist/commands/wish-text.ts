import type { Wish, WishProblem, WishResult } from '../../../api/index.ts';
import { type Given, givenBy, type Settings } from '../options/read-options.ts';
import { writeLine } from '../options/write-options.ts';
import { about, counted, fromNow, qualityOf, short, sizeOf } from '../telling/words-for-people.ts';

/** The options of a wish that somebody gave it. @param others keys that are left out */
export function givenOf(wish: Wish, others: readonly string[] = []): Given[] {
  // Its number is no option of it.
  const settings: Settings = {
    ...wish.options,
    id: undefined,
    ...(wish.state === 'paused' ? { paused: true } : {}),
  };
  return givenBy(settings).filter(({ spec }) => !others.includes(spec.key));
}

/** `rare ep ext=flac min=320`. @param whose with the name of whoever wishes */
export function wishLine(wish: Wish, whose: boolean): string {
  return writeLine(wish.options.query, givenOf(wish, whose ? [] : ['for']));
}

/** How it stands: `active, 12 turns, 2 finds, next in 3h`. */
export function stateText(wish: Wish, now: number): string {
  const { state, until, turns, finds, nextTurn } = wish;
  return [
    state === 'snoozed' && until !== undefined ? `snoozed, goes on ${fromNow(until, now)}` : state,
    counted(turns, 'turn', 'turns'),
    counted(finds, 'find', 'finds'),
    ...(state === 'active' && nextTurn !== undefined
      ? [`next ${fromNow(Math.max(nextTurn, now), now)}`]
      : []),
  ].join(', ');
}

/** A wish in one line of a list. @param whose name whoever wishes */
export function listLine(wish: Wish, now: number, whose: boolean): string {
  const { id, options } = wish;
  const by = whose && options.user !== undefined ? ` (${options.user})` : '';
  const trouble = wish.problems.length === 0 ? '' : ` — ${wish.problems[0]!.message}`;
  const text = short(writeLine(options.query, givenOf(wish, ['for', 'note', 'paused'])), 160);
  return `${id}${by}: ${text} — ${stateText(wish, now)}${trouble}`;
}

/** What was found, in one line. */
export function resultLine({ number, kind, state, hit, score, at }: WishResult, now: number): string {
  const quality = qualityOf(hit);
  const how = state === 'told' ? kind : state === 'waiting' ? `${kind}, to be told` : 'known';
  const slot = hit.slotFree ? 'free slot' : `queue ${hit.queueLength}`;
  return `${number}. ${short(hit.name, 100)} (${quality === '' ? '' : `${quality}, `}${sizeOf(hit.size)}) from ${hit.user}, ${slot}, score ${Math.round(score)}, ${how}, ${about(Math.max(0, now - at))} ago`;
}

/** Problems after which a wish could never find anything. */
const HOPELESS = new Set([
  'only-exclusions',
  'too-short',
  'excluded-phrase',
  'too-long',
  'control-characters',
  'bad-scope',
]);

export const isHopeless = ({ code }: WishProblem): boolean => HOPELESS.has(code);
