import type { ArgSpec, Args, ArgValues } from './args.ts';
import type { DurationInput } from './duration.ts';
import type { Reply } from './events.ts';
import type { Role } from './people.ts';
import type { RoomRef } from './rooms.ts';

/** Where a command can be typed. `any`: in rooms and in private. `cli`: at the console of the bot's machine only. */
export type CommandPlace = 'room' | 'private' | 'any' | 'cli';

/** How long until the command runs again: per user, per room, and over all. Charged last, refunded when it fails. */
export interface Cooldown {
  readonly user?: DurationInput;
  readonly room?: DurationInput;
  readonly global?: DurationInput;
}

/** What `run` may return: lines to answer with. */
// biome-ignore lint/suspicious/noConfusingVoidType: a run that returns nothing must fit, async or not
export type CommandAnswer = string | readonly string[] | void;

export interface CommandContext<A extends Args> {
  readonly args: ArgValues<A>;
  /** Who called. `console` when `source` is `cli`. */
  readonly user: string;
  /** Where, when it was in a room. */
  readonly room?: RoomRef;
  readonly source: 'room' | 'private' | 'cli';
  /** When, by the host's clock, milliseconds since the epoch. */
  readonly at: number;
  /** The id of the message that called; the same when it is delivered again. */
  readonly id: string;
  /** What was handed over with a call from the console: a file, or what was piped in. Up to 4 MB. */
  readonly input?: string;
  /** The name that was typed: the command's own or an alias. */
  readonly command: string;
  /** A private message that was sent while the bot was away. Only with `onReplay: 'run'`. */
  readonly replayed: boolean;
  /** `run` may have run for this message before. */
  readonly redelivered: boolean;
  /** Answers before `run` is done. What `run` returns is sent as well. */
  readonly reply: Reply;
  /** Gives the cooldown back: this call does not count. At the console it ends with exit code 1. */
  readonly refundCooldown: () => void;
}

/** A command, as a plugin registers it. */
export interface CommandDefinition<A extends Args = Args> {
  /** Without prefix: lower-case letters, digits, `-` and `_`, at most 32. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** @default 'any' */
  readonly in?: CommandPlace;
  /** Also at the console of the bot's machine, as owner. @default false, but for `in: 'cli'` */
  readonly cli?: boolean;
  /** One line for `!help`. */
  readonly summary: string;
  /** More, for `!help NAME`. */
  readonly description?: string;
  readonly args?: A;
  /** Any of these roles. @default everybody */
  readonly allow?: readonly Role[];
  /** A duration alone is per user. @default none */
  readonly cooldown?: Cooldown | DurationInput;
  /** Calls without prefix, for `!help NAME`. */
  readonly examples?: readonly string[];
  /** What to do with a call that was sent while the bot was away. @default 'ignore' */
  readonly onReplay?: 'run' | 'ignore';
  /** Not listed by `!help`. @default false */
  readonly hidden?: boolean;
  run(ctx: CommandContext<A>): CommandAnswer | Promise<CommandAnswer>;
}

/** An argument in a {@link CommandSpec}. */
export type NamedArg = ArgSpec & { readonly name: string };

/** A command without its code: what the host knows of it. */
export interface CommandSpec {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly in: CommandPlace;
  readonly cli: boolean;
  readonly summary: string;
  readonly description?: string;
  readonly args: readonly NamedArg[];
  /** Empty: everybody. */
  readonly allow: readonly Role[];
  /** Milliseconds; absent: none. */
  readonly cooldown: { readonly user?: number; readonly room?: number; readonly global?: number };
  readonly examples: readonly string[];
  readonly onReplay: 'run' | 'ignore';
  readonly hidden: boolean;
}
