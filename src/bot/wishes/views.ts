import type { Wish, WishOptions, WishWhy } from '../../plugins/api/wishlist.ts';
import type { WishSpec } from '../../plugins/host/wire.ts';
import type { WishTally } from '../store/wish-rows.ts';
import type { LiveWish } from './live-wish.ts';

/** A wish as plugins see it. @param nextTurn when one is to be expected */
export function viewOf(wish: LiveWish, now: number, nextTurn: number | undefined): Wish {
  const { stored } = wish;
  const state = wish.state(now);
  return {
    id: stored.id,
    options: optionsOf(stored.id, stored.spec),
    state,
    ...(state === 'snoozed' && stored.until !== undefined && { until: stored.until }),
    problems: wish.problems,
    createdAt: stored.createdAt,
    turns: stored.turns,
    fruitless: stored.fruitless,
    ...(stored.lastTurn !== undefined && { lastTurn: stored.lastTurn }),
    ...(nextTurn !== undefined && { nextTurn }),
    finds: stored.finds,
    ...(stored.lastFind !== undefined && { lastFind: stored.lastFind }),
    seen: stored.seen,
  };
}

function optionsOf(id: string, { everyMs, atMostMs, ...spec }: WishSpec): WishOptions {
  return {
    id,
    ...spec,
    ...(everyMs !== undefined && { every: everyMs }),
    ...(atMostMs !== undefined && { atMost: atMostMs }),
  };
}

/** Filters named in a summary. */
const NAMED = 3;

/** Why results were dropped: in numbers of the last turn, and in words of all. */
export function whyOf(wish: LiveWish, view: Wish): WishWhy {
  const { last, total } = wish.stored.doc;
  return {
    summary: [
      stateText(view),
      ...(view.lastTurn === undefined ? [] : [`Last turn ${timeText(view.lastTurn)}.`]),
      ...(view.nextTurn === undefined ? [] : [`Next turn about ${timeText(view.nextTurn)}.`]),
      ...view.problems.map(({ message }) => `Problem: ${message}.`),
      ...(wish.waiting > 0 ? [`${counted(wish.waiting, 'find waits', 'finds wait')} to be told.`] : []),
      `In ${counted(view.turns, 'turn', 'turns')} ${counted(total.arrived, 'result', 'results')} arrived and ${total.passed} passed; told: ${view.finds}.${mostOf(total)}`,
    ],
    arrived: last.arrived,
    passed: last.passed,
    dropped: byCount(last).map(([filter, { count, examples }]) => ({
      filter,
      count,
      examples: [...examples],
    })),
  };
}

function stateText({ state, until }: Wish): string {
  return until === undefined ? `State: ${state}.` : `State: ${state} until ${timeText(until)}.`;
}

function mostOf(tally: WishTally): string {
  const most = byCount(tally)
    .slice(0, NAMED)
    .map(([filter, { count }]) => `${filter} (${count})`);
  return most.length === 0 ? '' : ` Most were dropped by ${most.join(', ')}.`;
}

/** `2026-01-01 00:06 UTC` */
const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const byCount = ({ dropped }: WishTally) => [...dropped].sort(([, a], [, b]) => b.count - a.count);
