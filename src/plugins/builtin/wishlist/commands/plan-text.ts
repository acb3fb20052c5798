import type { WishPlan } from '../../../api/index.ts';
import { about, counted, fromNow, utc } from '../telling/words-for-people.ts';

/** `40 wishes × 12 min = 8h a round.` */
export function roundText({ interval, wishes, round }: WishPlan): string {
  if (interval === 0) return 'The server allows no wishlist searches at the moment.';
  const each = interval % 60 === 0 ? `${interval / 60} min` : `${interval} s`;
  return `${counted(wishes, 'wish', 'wishes')} × ${each} = ${about(round)} a round.`;
}

/** `2 wishes.`, and how long a round of all that take turns is: those of others take them too. */
export function listHead(count: number, plan: WishPlan): string {
  const { interval, wishes, round } = plan;
  const own = `${counted(count, 'wish', 'wishes')}.`;
  if (interval === 0) return `${own} ${roundText(plan)}`;
  return wishes < 2 ? own : `${own} A round of all ${wishes} takes ${about(round)}.`;
}

/** One line a wish: when it has its first turn, and how many it gets. */
export function etaLines(plan: WishPlan, now: number): string[] {
  const wishes = new Map<string, { query: string; first: number; turns: number }>();
  for (const { wish, query, at } of plan.turns) {
    const known = wishes.get(wish);
    if (known === undefined) wishes.set(wish, { query, first: at, turns: 1 });
    else known.turns += 1;
  }
  return [...wishes].map(
    ([id, { query, first, turns }]) =>
      `${id}: first ${fromNow(first, now)}, ${counted(turns, 'turn', 'turns')} — ${query}`,
  );
}

/** One line a turn. */
export function turnLines(plan: WishPlan): string[] {
  return plan.turns.map(({ wish, query, at }) => `${utc(at)}  ${wish}  ${query}`);
}
