import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import type { ReplyTarget } from '../../plugins/host/services.ts';
import type { CommandCall, CommandResult } from '../../plugins/host/types.ts';

/** What the engine needs of the bot. */
export interface CommandPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** The prefix that counts in this room; without one: in private. Never empty. */
  prefix(room?: string): string;
  /** Everything that this user is to the bot, here. */
  rolesOf(user: string, room?: string): ReadonlySet<Role>;
  /** Runs a plugin's command, by its own name; never rejects. */
  run(instance: string, name: string, call: CommandCall): Promise<CommandResult>;
  /** Queues lines as an answer; never rejects. `origin` is who answers: an instance's id or `core`. */
  answer(target: ReplyTarget, lines: readonly string[], origin: string): Promise<void>;
  /** A call did not run, or is not answered, and why. Without private text. */
  note(decision: CommandDecision): void;
}

/** Why a call did not run, or got no answer. */
export interface CommandDecision {
  /** `run !seen`, `explain !seen`. */
  readonly what: string;
  readonly reason: string;
  readonly user: string;
  readonly room?: string;
  /** The instance whose command it is. */
  readonly plugin?: string;
  /** The message's id. */
  readonly about: string;
}

/** A line that may ask for a command. */
export interface CommandLine {
  /** The message's id; for a private one its inbox key. */
  readonly id: string;
  readonly user: string;
  readonly text: string;
  /** Absent in private. */
  readonly room?: RoomRef;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly replayed: boolean;
  readonly redelivered: boolean;
  /** Only what begins with the prefix is a call, in private too. @default false */
  readonly prefixed?: boolean;
}

/**
 * What became of a line. `talk`: no call. `answered`: it belonged to a dialog. `ignored`, `refused`: a call that did not run. `unfinished`: it was cut off
 * because its plugin went away; a private message is to be handled again then.
 */
export type LineVerdict = 'talk' | 'answered' | 'ignored' | 'refused' | 'ran' | 'failed' | 'unfinished';
