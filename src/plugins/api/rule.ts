import type { Registration } from './bot.ts';
import type { Consequence } from './cases.ts';
import type { DurationInput } from './duration.ts';
import type { Role, UserStats } from './people.ts';
import type { RoomRef } from './rooms.ts';

/** A line as rules see it. */
export interface RuleLine {
  readonly kind: 'line';
  /** Stable; the same in a back-test. */
  readonly id: string;
  readonly room: RoomRef;
  readonly user: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Somebody came into a room. */
export interface RuleJoin {
  readonly kind: 'join';
  readonly id: string;
  readonly room: RoomRef;
  readonly user: string;
  readonly at: number;
  readonly stats: UserStats;
  /** Two-letter code from the server; often empty. */
  readonly country: string;
}

/** What rules may look back on: in this room, oldest first, without what is judged. */
export interface RuleContext {
  /** Lines of the last `window`, of everybody, the bot's left out. */
  readonly recent: readonly RuleLine[];
  /** Who came during the last `window`. */
  readonly joins: readonly RuleJoin[];
  /** Names that count as staff here, whether they are inside or not; owners and operators of the room among them. */
  readonly staff: readonly string[];
  /** Lines of this user in this room that the engine knows of, up to 1000. */
  readonly linesBefore: number;
  /** When this user was first seen in this room; absent: now. */
  readonly firstSeen?: number;
}

/**
 * What a rule thinks. It never says what is to be done: points go onto the user's account, and the ladder of config.yaml
 * says what so many points lead to in this room.
 */
export interface Verdict {
  /** Severity: 1 a slip, 3 a nuisance, 10 an attack. Above 0, 100 at most. */
  readonly points: number;
  /** For the person and for staff, up to 300 characters: "the same line 4 times in 20 s". */
  readonly reason: string;
  /** What of the line gave rise to it, up to 300 characters. */
  readonly evidence?: string;
  /** Nothing stronger than this step of the ladder follows from it, whatever the account says. @default no ceiling */
  readonly atMost?: Consequence;
}

/** A rule. The engine decides whom it applies to, in which mode, and what follows. */
export interface RuleDefinition<On extends 'line' | 'join' = 'line' | 'join'> {
  /** Unique within the plugin: lower-case letters, digits and `-`, at most 32. */
  readonly id: string;
  /** One line for staff. */
  readonly summary: string;
  /** Changes when the rule judges differently; noted in every case. @default '1' */
  readonly version?: string;
  /** @default 'line' */
  readonly on?: On;
  /** How far `recent` and `joins` reach back. @default nothing */
  readonly window?: {
    /** An hour at most. */
    readonly within: DurationInput;
    /** The latest lines, and the latest joins: up to 500 of each. @default 100 */
    readonly lines?: number;
    /** Only those of the same user. @default false */
    readonly sameUser?: boolean;
  };
  /** Besides staff, the exempt of config.yaml and the bot, whom no rule judges. @default none */
  readonly exempt?: readonly Role[];
  /**
   * How long `check` may take, 60s at most. Lines wait for what rules say of them, so only a rule about arrivals may take longer
   * than 1s: to ask the network about somebody. Nothing waits for its answer then. @default 1s
   */
  readonly patience?: DurationInput;
  /** Only these rooms. @default every room that the bot moderates */
  readonly rooms?: readonly string[];
  /**
   * Must depend on nothing but its arguments and the plugin's config: the same rule judges the journal in a back-test.
   * Nothing, null or undefined: no objection.
   */
  check(
    what: On extends 'line' ? RuleLine : RuleJoin,
    context: RuleContext,
  ): Verdict | null | undefined | Promise<Verdict | null | undefined>;
}

/**
 * Adds a rule. Needs `moderate`. New rules are in shadow: cases are written, nothing happens.
 * @throws PluginError (by `ready`) `invalid`; `need-missing`.
 */
export interface AddRule {
  (definition: RuleDefinition<'line'>): Registration;
  (definition: RuleDefinition<'join'> & { readonly on: 'join' }): Registration;
}
