import type { BotConfig } from '../../config/config.ts';
import { Roles } from '../../roles/roles.ts';
import type { JournalEntry } from '../../store/journal.ts';
import { type DecidedOutcome, decide, type EarlierCase } from '../cases/decide.ts';
import { People } from '../people.ts';
import type { KnownActions } from '../power/permitted.ts';
import { powerIn, type RoomFacts } from '../power/power.ts';
import type { RoomMemory } from '../rules/room-memory.ts';
import type { Rule } from '../rules/rule-book.ts';
import { Settings } from '../rules/settings.ts';
import { byMode, type Objection, type Objections, objection } from '../rules/verdicts.ts';
import { type Replayed, replay } from './replay.ts';
import { RuleTally, type RuleTestReport } from './tally.ts';

export interface BackTestOptions {
  /** The bot's user name. */
  readonly self: string;
  readonly config: Pick<BotConfig, 'roles' | 'moderation'>;
  /** The journal, the oldest first, from well before `since`: what came before is looked back on. */
  readonly entries: AsyncIterable<JournalEntry>;
  readonly rules: readonly Rule[];
  /** Consequences that plugins add. */
  readonly actions: KnownActions;
  /** Judge what happened from then on, milliseconds since the epoch. */
  readonly since: number;
  /** Sees every case that would have been made; for whoever compares. @default nobody */
  readonly onCase?: (of: TestedCase) => void;
}

/** A case as it would have been. */
export interface TestedCase extends DecidedOutcome {
  readonly id: number;
  readonly room: string;
  readonly user: string;
  readonly at: number;
  readonly objection: Objection;
}

/** What rules would have done. */
export interface BackTestReport {
  readonly since: number;
  /** Of the last thing that was judged; `since` when there was none. */
  readonly until: number;
  /** Lines and arrivals that some rule judged. */
  readonly judged: number;
  /** Not judged because so many came at once. */
  readonly passedOver: number;
  readonly rules: readonly RuleTestReport[];
}

/** Runs rules over a journal: how often each would have acted, on whom, how many of them staff. Nothing is done or written. */
export async function backTest(options: BackTestOptions): Promise<BackTestReport> {
  const { self, config, entries, actions, since, onCase } = options;
  const rules = [...options.rules].sort((a, b) => (a.name < b.name ? -1 : 1));
  const roles = new Roles(config.roles);
  const people = new People({
    self,
    roles: config.roles,
    moderation: config.moderation,
    rolesOf: (user) => roles.rolesOf(user),
  });
  const settings = new Settings(withoutOff(config.moderation));
  const tallies = new Map(rules.map((rule) => [rule.name, new RuleTally(rule, config.moderation)]));
  const files = new PaperCases(settings, actions, (of) => {
    tallies.get(of.objection.rule)?.opened(of);
    onCase?.(of);
  });
  let until = since;
  let judged = 0;
  let passedOver = 0;
  for await (const one of replay(entries, { self, rules, people, since })) {
    until = one.of.what.at;
    if (one.tooMuch) passedOver += 1;
    else judged += 1;
    for (const verdict of one.verdicts) tallies.get(verdict.rule.name)?.heard(one, verdict);
    if (one.protection === undefined) files.add(one);
  }
  const reports = [...tallies.values()].map((tally) => tally.report());
  return { since, until, judged, passedOver, rules: reports };
}

/** What is off does not judge; here it does, else nobody could see what it would do. */
function withoutOff(moderation: BotConfig['moderation']): BotConfig['moderation'] {
  const on = <T extends { readonly mode?: string }>(of: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(of).map(([name, one]) => [
        name,
        one.mode === 'off' ? { ...one, mode: 'shadow' as const } : one,
      ]),
    );
  const { mode, newRules } = moderation;
  return {
    ...moderation,
    mode: mode === 'off' ? 'shadow' : mode,
    newRules: newRules === 'off' ? 'shadow' : newRules,
    rules: on(moderation.rules),
    rooms: on(
      Object.fromEntries(
        Object.entries(moderation.rooms).map(([name, room]) => [name, { ...room, rules: on(room.rules) }]),
      ),
    ),
  };
}

/** Cases that are only thought of. */
class PaperCases {
  readonly #settings: Settings;
  readonly #actions: KnownActions;
  readonly #opened: (of: TestedCase) => void;
  readonly #earlier = new Map<string, EarlierCase[]>();
  #last = 0;

  constructor(settings: Settings, actions: KnownActions, opened: (of: TestedCase) => void) {
    this.#settings = settings;
    this.#actions = actions;
    this.#opened = opened;
  }

  add({ of: { what }, memory, verdicts }: Replayed): void {
    const room = what.room.name;
    const objections = verdicts.flatMap(({ rule, verdict }) =>
      verdict === undefined ? [] : (objection(rule, verdict, this.#settings, room) ?? []),
    );
    for (const one of byMode(objections)) this.#decide(one, room, what.user, what.at, memory);
  }

  #decide(objections: Objections, room: string, user: string, at: number, memory: RoomMemory): void {
    const key = `${room}\n${user}`;
    const earlier = this.#earlier.get(key) ?? [];
    const facts: RoomFacts = { room, joined: true, ...factsOf(memory) };
    const decision = decide(objections, {
      room,
      at,
      earlier,
      power: powerIn(facts),
      facts,
      actions: this.#actions,
      settings: this.#settings,
    });
    if (decision.how === 'merge') return;
    this.#last += 1;
    const { objection: main, outcome } = decision;
    const { rule, points, mode } = main;
    const { atMost } = outcome;
    const ceiling = atMost === undefined ? {} : { atMost };
    this.#earlier.set(key, [...earlier, { id: this.#last, at, rule, points, mode, void: false, ...ceiling }]);
    this.#opened({ ...outcome, objection: main, id: this.#last, room, user, at });
  }
}

function factsOf({ ref }: RoomMemory): Pick<RoomFacts, 'private' | 'standing'> {
  return { private: ref.private, standing: ref.standing };
}
