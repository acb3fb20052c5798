/**
 * What can follow. `note`: a case and nothing else; `report`: staff are told; `warn`: a private message; `warn-room`: a line in
 * the room; `ignore`: the bot's commands do not run for them, for a time or for good; `remove`: out of a private room, for a
 * time (then invited again) or for good. Both take a time: `remove:1h`, `ignore:30m`. Others come from plugins (`bot.action`) and
 * are called `PLUGIN/ACTION`.
 */
export type Consequence = string;

/** `shadow`: decided and written down; `suggest`: staff are asked; `live`: done. */
export type ModerationMode = 'shadow' | 'suggest' | 'live';

/**
 * `noted`: shadow, or nothing was to be done; `suggested`: staff have been asked; `declined`: they said no; `lapsed`: they did not
 * say anything in time; `acting`: begun; `done`; `failed`: the server refused, or nobody may do that here; `undone`; `pardoned`:
 * it does not count any more.
 */
export type CaseState =
  | 'noted'
  | 'suggested'
  | 'declined'
  | 'lapsed'
  | 'acting'
  | 'done'
  | 'failed'
  | 'undone'
  | 'pardoned';

/** Everything about one decision. What happened afterwards is in `log`; nothing is ever rewritten. */
export interface Case {
  /** Counted from 1. */
  readonly id: number;
  readonly room: string;
  readonly user: string;
  readonly at: number;
  /** `plugin/rule`; absent for what a person commanded or what was only observed. */
  readonly rule?: string;
  readonly ruleVersion?: string;
  readonly points: number;
  /** The account of the user in this room with these points, decay counted in. */
  readonly total: number;
  readonly reason: string;
  readonly evidence?: string;
  /** The lines around it, oldest first. */
  readonly lines: readonly { readonly at: number; readonly user: string; readonly text: string }[];
  readonly mode: ModerationMode;
  /** What the ladder asks for, and what this room permits of it: the same unless the room cannot. */
  readonly wanted: Consequence;
  readonly consequence: Consequence;
  /** Why they differ, in words. */
  readonly instead?: string;
  /** Nothing more severe was to follow from it, whatever the account says; absent: no ceiling. */
  readonly atMost?: Consequence;
  /** Until when, milliseconds since the epoch; absent: for good, or nothing that lasts. */
  readonly until?: number;
  readonly state: CaseState;
  /** Who commanded it: a user name, `console`, `rule`, or `unknown operator` for what the bot only observed. */
  readonly actor: string;
  readonly appeal?: {
    readonly at: number;
    readonly text: string;
    readonly state: 'open' | 'granted' | 'rejected';
  };
  readonly log: readonly {
    readonly at: number;
    readonly actor: string;
    readonly what: string;
    readonly detail?: string;
  }[];
}

export interface CaseQuery {
  readonly room?: string;
  readonly user?: string;
  readonly rule?: string;
  readonly state?: readonly CaseState[];
  readonly since?: number;
  /** Those against which somebody has appealed, and how that stands. */
  readonly appeal?: 'open' | 'granted' | 'rejected';
  /** Those with a lower number: the page behind the last one. */
  readonly before?: number;
  /** Up to 500. @default 50 */
  readonly limit?: number;
}

/** Points of somebody in a room. */
export interface Strikes {
  readonly room: string;
  readonly user: string;
  /** Now, decay counted in. */
  readonly points: number;
  /** What so many points lead to next. */
  readonly next: Consequence;
  readonly cases: readonly Case[];
}

export interface CaseOutcome {
  readonly case: Case;
  /** What became of it, in words for who commanded it. */
  readonly message: string;
  readonly ok: boolean;
}

/** A sanction that a person orders. */
export interface Sanction {
  readonly room: string;
  readonly user: string;
  readonly consequence: Consequence;
  /** Milliseconds; for `ignore` and `remove`. @default for good */
  readonly forMs?: number;
  readonly reason: string;
  /** Who commands it. */
  readonly actor: string;
}

/** What could be done in a room, as the bot stands there now. */
export type Power =
  | 'public'
  | 'private-owner'
  | 'private-operator'
  | 'private-member'
  | 'moderated'
  | 'refused'
  | 'absent';

export interface RoomPower {
  readonly room: string;
  readonly power: Power;
  /** In words: "indie is a public room: nobody can remove anyone here". */
  readonly summary: string;
  readonly mode: ModerationMode;
  /** Each consequence of its ladder, and what would be done instead where it cannot. */
  readonly ladder: readonly {
    readonly points: number;
    readonly wanted: Consequence;
    readonly possible: Consequence;
    readonly instead?: string;
  }[];
  /** Each rule here. */
  readonly rules: readonly {
    readonly rule: string;
    readonly summary: string;
    readonly mode: ModerationMode;
    readonly cases: number;
    readonly overturned: number;
  }[];
}

/** What decisions there were, and what becomes of them. All of it needs `moderate`. */
export interface Cases {
  get(id: number): Promise<Case | undefined>;
  /** The latest first. */
  list(query?: CaseQuery): Promise<readonly Case[]>;
  strikes(user: string, room?: string): Promise<readonly Strikes[]>;
  /** A person's own decision: the same consequences, evidence and record as a rule's; it acts whatever the mode. */
  sanction(sanction: Sanction): Promise<CaseOutcome>;
  /** Takes back what was done: invites again, answers again. Points stay. */
  undo(id: number, actor: string, note?: string): Promise<CaseOutcome>;
  /** The points do not count any more; what lasts is undone. */
  pardon(id: number, actor: string, note?: string): Promise<CaseOutcome>;
  /** Staff's answer to a suggestion. */
  decide(id: number, actor: string, answer: 'yes' | 'no'): Promise<CaseOutcome>;
  note(id: number, actor: string, text: string): Promise<Case>;
  /**
   * By whom it is about, once per case, within 30 days.
   * @throws PluginError `not-found` (as rejection) for a case about somebody else, or one of which nothing followed.
   */
  appeal(id: number, user: string, text: string): Promise<CaseOutcome>;
  /** The person is told in private. Granted: the case is pardoned and counts against its rule's precision. */
  answerAppeal(id: number, actor: string, answer: 'grant' | 'reject', note?: string): Promise<CaseOutcome>;
  /**
   * Text, or a JSON bundle with the lines around each, fit for the administrators of the network. Without `limit` all cases that
   * fit.
   */
  export(query: CaseQuery, format: 'text' | 'json'): Promise<string>;
  power(room?: string): Promise<readonly RoomPower[]>;
  /** No rule does anything until it is `resume`d: cases are only noted. What people order is done. */
  halt(actor: string, reason: string): Promise<void>;
  resume(actor: string): Promise<void>;
  /** Whether it is halted, since when and by whom. */
  halted(): Promise<{ readonly at: number; readonly actor: string; readonly reason: string } | undefined>;
}

/** A consequence that a plugin adds. */
export interface ActionDefinition {
  /** Lower-case letters, digits and `-`, at most 32; the ladder names it `PLUGIN/ID`. Not one of the bot's own. */
  readonly id: string;
  readonly summary: string;
  /** In which kinds of room. @default all */
  readonly powers?: readonly Power[];
  /** Does it. Rejecting means: failed. May run again for the same case after a crash. */
  apply(of: Case): unknown;
  /** Takes it back. */
  undo(of: Case): unknown;
}
