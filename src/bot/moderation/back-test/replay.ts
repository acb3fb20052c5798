import type { Verdict } from '../../../plugins/api/rule.ts';
import type { JournalEntry } from '../../store/journal.ts';
import type { People, Protection } from '../people.ts';
import type { Arrival } from '../rules/room-memory.ts';
import { RoomMemory } from '../rules/room-memory.ts';
import type { Rule } from '../rules/rule-book.ts';
import { concerns, contextOf, hasExemptRole, isTooMuch } from '../rules/rule-context.ts';

export interface ReplayOptions {
  /** The bot's user name. */
  readonly self: string;
  /** By name, as the engine asks them. */
  readonly rules: readonly Rule[];
  readonly people: People;
  /** Nothing before this time is judged; it is only remembered. Milliseconds since the epoch. */
  readonly since: number;
}

/** What a rule said of something, or that it failed. */
export interface ReplayedVerdict {
  readonly rule: Rule;
  readonly verdict?: Verdict;
  readonly error?: string;
}

/** Something that happened, and what rules say of it. */
export interface Replayed {
  readonly of: Arrival;
  readonly memory: RoomMemory;
  /** Why nothing would follow from it. */
  readonly protection?: Protection;
  readonly verdicts: readonly ReplayedVerdict[];
  /** So much came at once that it was not judged. */
  readonly tooMuch: boolean;
}

/**
 * Lets rules judge a journal again. They meet what they met when it happened, line for line, as far as the journal still has it;
 * people whom no rule judges are judged here, to show what would have come of it.
 * @param entries of all rooms, the oldest first, from well before `since`
 */
export async function* replay(
  entries: AsyncIterable<JournalEntry>,
  { self, rules, people, since }: ReplayOptions,
): AsyncGenerator<Replayed> {
  const memories = new Map<string, RoomMemory>();
  for await (const entry of entries) {
    const { room } = entry;
    if (room === undefined) continue;
    const memory = memories.get(room) ?? new RoomMemory(room, self);
    memories.set(room, memory);
    const of = memory.observe(entry);
    if (of === undefined || of.what.at < since) continue;
    const asked = rules.filter((rule) => concerns(rule, of));
    if (asked.length === 0) continue;
    const protection = people.protection(of.what.user, of.people);
    const base = { of, memory, ...(protection !== undefined && { protection }) };
    if (isTooMuch(memory, of)) {
      yield { ...base, verdicts: [], tooMuch: true };
      continue;
    }
    const free = asked.filter((rule) => !hasExemptRole(rule, of, people));
    yield { ...base, verdicts: await judged(free, of, memory, people), tooMuch: false };
    const exempt = asked.filter((rule) => hasExemptRole(rule, of, people));
    if (exempt.length > 0 && protection === undefined)
      yield {
        of,
        memory,
        protection: 'exempt',
        verdicts: await judged(exempt, of, memory, people),
        tooMuch: false,
      };
  }
}

async function judged(
  rules: readonly Rule[],
  of: Arrival,
  memory: RoomMemory,
  people: People,
): Promise<readonly ReplayedVerdict[]> {
  const found: ReplayedVerdict[] = [];
  for (const rule of rules) {
    try {
      const verdict = await rule.check(of.what, contextOf(memory, of, rule.spec, people));
      if (verdict !== undefined) found.push({ rule, verdict });
    } catch (error) {
      found.push({ rule, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return found;
}
