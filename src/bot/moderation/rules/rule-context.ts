import type { RuleContext } from '../../../plugins/api/rule.ts';
import type { RuleSpec } from '../../../plugins/host/wire.ts';
import type { People } from '../people.ts';
import type { Arrival, RoomMemory } from './room-memory.ts';
import type { Rule } from './rule-book.ts';

/** Longest count of earlier lines that a rule gets. */
const MAX_LINES_BEFORE = 1_000;
/** Somebody is judged so often at most; what comes on top is the same flood. */
const PER_USER = { count: 30, withinMs: 10_000 };
const PER_ROOM = { count: 100, withinMs: 1_000 };

/** What a rule may look back on from an arrival. */
export function contextOf(
  memory: RoomMemory,
  { what, before, known, people: inRoom }: Arrival,
  { window }: RuleSpec,
  people: People,
): RuleContext {
  const since = what.at - (window?.withinMs ?? 0);
  const user = window?.sameUser === true ? what.user : undefined;
  const lines = window?.lines ?? 0;
  return {
    recent: window === undefined ? [] : memory.linesBefore(before.lines, since, lines, user),
    joins: window === undefined ? [] : memory.joinsBefore(before.joins, since, lines, user),
    staff: people.staffIn(inRoom),
    linesBefore: Math.min(known.lines, MAX_LINES_BEFORE),
    ...(known.first !== undefined && { firstSeen: known.first }),
  };
}

/**
 * Whether so much came just before that this is not looked at any more: ten thousand lines in a second must not become ten
 * thousand questions to every plugin. It depends on nothing but what came before, so a back-test leaves out the same.
 */
export function isTooMuch(memory: RoomMemory, { what, before }: Arrival): boolean {
  const inRoom =
    what.kind === 'line'
      ? memory.linesBefore(before.lines, what.at - PER_ROOM.withinMs, PER_ROOM.count)
      : memory.joinsBefore(before.joins, what.at - PER_ROOM.withinMs, PER_ROOM.count);
  if (inRoom.length >= PER_ROOM.count) return true;
  if (what.kind === 'join') return false;
  const theirs = memory.linesBefore(before.lines, what.at - PER_USER.withinMs, PER_USER.count, what.user);
  return theirs.length >= PER_USER.count;
}

/** Whether a rule is about such things, here. */
export function concerns({ spec }: Pick<Rule, 'spec'>, { what }: Arrival): boolean {
  if (spec.on !== what.kind) return false;
  return spec.rooms === undefined || spec.rooms.includes(what.room.name);
}

/** Whether a rule leaves somebody alone for what they are. */
export function hasExemptRole(
  { spec }: Pick<Rule, 'spec'>,
  { what, people: inRoom }: Arrival,
  people: People,
): boolean {
  return spec.exempt.some((role) => people.has(what.user, role, inRoom));
}
