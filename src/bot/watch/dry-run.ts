import type { AnyEvent } from '../../plugins/api/events.ts';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import type { CommandLine } from '../commands/command-ports.ts';
import type { CommandPreview } from '../commands/preview.ts';
import type { Partner } from '../dialogs/dialog-store.ts';
import type { InterceptorInfo } from '../intercept/interceptors.ts';

/** A line that nobody said. */
export interface DryLine {
  readonly user: string;
  /** Absent: in private, to the bot. */
  readonly room?: string;
  readonly text: string;
}

/** A handler of a plugin whose filter lets an event through. */
export interface MatchingHandler {
  readonly plugin: string;
  /** `room.message handler 2`. */
  readonly where: string;
}

/** What would happen to a line. Nothing of it happens: no code of a plugin runs, nothing is sent, stored or charged. */
export interface DryRun {
  /**
   * Asked before anybody else hears of the line, in this order. What they would make of it is not known without asking;
   * everything below is for the text as it stands.
   */
  readonly interceptors: readonly InterceptorInfo[];
  /** A conversation with this user waits for a line here, and takes this one if it calls no command. */
  readonly dialog: boolean;
  readonly command: CommandPreview;
  /** They get the line also when it calls a command. */
  readonly handlers: readonly MatchingHandler[];
}

export interface DryRunPorts {
  /** The bot's user name. */
  readonly self: string;
  readonly now: () => number;
  /** Undefined: the bot is not inside. */
  readonly roomOf: (room: string) => RoomRef | undefined;
  readonly interceptors: (room: string | undefined) => readonly InterceptorInfo[];
  readonly inDialog: (partner: Partner) => boolean;
  readonly command: (line: CommandLine) => CommandPreview;
  readonly handlers: (event: AnyEvent) => readonly MatchingHandler[];
}

/** Of an event that never was. */
const ID = 'dry-run';

/** @throws Error when the bot is not in the room, or it is the bot's own line. */
export function dryRun({ user, room, text }: DryLine, ports: DryRunPorts): DryRun {
  if (user === ports.self) throw new Error(`${user} is the bot: it does not answer itself`);
  const ref = room === undefined ? undefined : ports.roomOf(room);
  if (room !== undefined && ref === undefined)
    throw new Error(`the bot is not in the room ${JSON.stringify(room)}`);
  const at = ports.now();
  const base = { id: ID, at, user, text };
  const dialog = ports.inDialog({ user, ...(room === undefined ? {} : { room }) });
  const command = ports.command({
    ...base,
    replayed: false,
    redelivered: false,
    ...(ref === undefined ? { prefixed: dialog } : { room: ref }),
  });
  // What is said in a private conversation stays there: handlers do not get it.
  const taken = dialog && ref === undefined && command.verdict === 'talk';
  const event: AnyEvent =
    ref === undefined
      ? { type: 'private.message', ...base, sentAt: at, replayed: false, redelivered: false }
      : { type: 'room.message', ...base, room: ref, own: false };
  return {
    interceptors: ports.interceptors(room),
    dialog,
    command,
    handlers: taken ? [] : ports.handlers(event),
  };
}

/** A line as it came over the control socket. @throws Error that says what is missing. */
export function readDryLine(args: unknown): DryLine {
  const given = typeof args === 'object' && args !== null ? (args as Readonly<Record<string, unknown>>) : {};
  const { user, room, text } = given;
  if (typeof user !== 'string' || user === '' || typeof text !== 'string')
    throw new Error('A line needs a user and a text');
  return { user, text, ...(typeof room === 'string' && { room }) };
}
