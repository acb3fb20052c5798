import { ms } from '../../src/testing/times.ts';
import type { ModelWish } from './catalogue.ts';
import {
  type Announcement,
  clock,
  type Problem,
  type SimulationRecord,
  type Span,
  touched,
} from './record.ts';

/** So near to the edge of an absence it may count or not. */
const EDGE_MS = 2 * 60_000;
/** The longest time for one wish's turn: the interval and what follows it. */
const SLOT_MS = 730_000;
/** From the bot to the plugin. */
const ON_ITS_WAY_MS = 1000;

/** What is told later than this after it was found is late in any case. */
const SOON_MS = 2 * 60_000;

/**
 * What is late had a reason to be: the bot was away since the wish's turn before, or it was told long after it was found. And
 * what had such a reason for certain is late: the turn that found it was due while the bot was away.
 */
export function checkLateness(record: SimulationRecord, wishes: readonly ModelWish[]): readonly Problem[] {
  const problems: Problem[] = [];
  const absences = [...gapsOf(record.processes), ...gapsOf(record.sessions), ...record.troubles];
  const dueTimes = dueOf(record, wishes);
  const roundMs = wishes.length * SLOT_MS;
  for (const each of record.announcements) {
    const { wish, user, path, foundAt, toldAt: at } = each;
    const complain = (text: string) =>
      problems.push({ wish, user, path, at, text: `${wish} #${each.number} (${path} of ${user}) ${text}` });
    const turns = dueTimes.get(wish) ?? [];
    const index = turns.findLastIndex((turn) => turn.at <= foundAt);
    const before = turns[index - 1]?.at ?? 0;
    const waited = at - foundAt;
    if (each.late && waited < SOON_MS && !touched(absences, before, at))
      complain('is late, and the bot was always there');
    if (each.late) continue;
    if (waited > SOON_MS + ON_ITS_WAY_MS)
      complain(`was found ${clock(foundAt)}, told ${clock(at)}, and is not late`);
    const due = turns[index]?.due;
    const away =
      due !== undefined &&
      gapsOf(record.sessions).find(({ from, to }) => from + EDGE_MS < due && due + roundMs < to);
    if (away) complain(`is not late; its turn was due at ${clock(due)}, when the bot was away`);
  }
  return problems;
}

/** The turns of each wish, with the time at which they were due where that can be said without doubt: after a find. */
function dueOf(
  { turns, announcements }: SimulationRecord,
  wishes: readonly ModelWish[],
): ReadonlyMap<string, readonly { readonly at: number; readonly due: number | undefined }[]> {
  const all = new Map<string, { at: number; due: number | undefined }[]>();
  for (const { id, options } of wishes) {
    const own = turns.filter(({ wish }) => wish === id);
    const finds = announcements.filter(({ wish }) => wish === id);
    const every = ms(options.every ?? '30m');
    all.set(
      id,
      own.map(({ at }, i) => {
        const before = own[i - 1]?.at;
        const found = before !== undefined && finds.some((each) => isWithin(each, before, at));
        return { at, due: found ? before + every : undefined };
      }),
    );
  }
  return all;
}

const isWithin = ({ foundAt }: Announcement, from: number, to: number): boolean =>
  from < foundAt && foundAt < to;

const gapsOf = (spans: readonly Span[]): Span[] =>
  spans.slice(1).map(({ from }, i) => ({ from: spans[i]!.to, to: from }));
