import type { CommandLine, LineVerdict } from '../commands/command-ports.ts';
import type { NoteDecision } from '../why/decision.ts';
import type { Truce } from './truce.ts';

export interface AttentionOptions {
  readonly truce: Truce;
  readonly note: NoteDecision;
  /** The name of the command that a line calls; undefined: it is talk. */
  readonly commandIn: (text: string, room: string | undefined) => string | undefined;
  readonly handle: (line: CommandLine) => Promise<LineVerdict>;
}

/** Brings lines to the command engine, unless whoever said them is not to be answered. */
export function makeAttention(options: AttentionOptions): (line: CommandLine) => Promise<LineVerdict> {
  const { truce, note, commandIn, handle } = options;
  return async (line) => {
    const { id, user, text, at, replayed } = line;
    const room = line.room?.name;
    const silence = truce.hear({ user, text, at, replayed, ...(room !== undefined && { room }) });
    if (silence === undefined) return handle(line);
    const command = commandIn(text, room);
    if (command !== undefined || silence.kind === 'ping-pong') {
      const what = command === undefined ? 'answer' : `run !${command}`;
      const where = room === undefined ? {} : { room };
      note({ source: 'truce', what, reason: silence.reason, user, ...where, about: id });
    }
    return command === undefined ? 'talk' : 'ignored';
  };
}
