import type { Clock } from '../../../platform/clock.ts';
import type { CommandLine, LineVerdict } from '../../commands/command-ports.ts';
import type { NoteDecision } from '../../why/decision.ts';

/** What somebody who is ignored may still ask for in private: what they have a right to. */
const ALWAYS_HEARD: readonly string[] = ['appeal', 'mydata', 'forgetme'];

/** Whose commands do not run. */
export class Ignored {
  readonly #clock: Clock;
  /** By user, then by case: until when. */
  readonly #until = new Map<string, Map<number, number>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param until milliseconds since the epoch; undefined: for good. */
  add(user: string, of: number, until: number | undefined): void {
    const theirs = this.#until.get(user) ?? new Map<number, number>();
    theirs.set(of, until ?? Number.POSITIVE_INFINITY);
    this.#until.set(user, theirs);
  }

  remove(user: string, of: number): void {
    const theirs = this.#until.get(user);
    theirs?.delete(of);
    if (theirs?.size === 0) this.#until.delete(user);
  }

  /** The case because of which somebody is ignored. */
  because(user: string): number | undefined {
    const now = this.#clock.now();
    for (const [of, until] of this.#until.get(user) ?? []) {
      if (until > now) return of;
      this.remove(user, of);
    }
    return undefined;
  }
}

export interface AttendingOptions {
  readonly ignored: Ignored;
  readonly note: NoteDecision;
  /** Nothing ever happens to them, whatever they were when it was decided. */
  readonly isProtected: (user: string, room: string | undefined) => boolean;
  readonly commandIn: (text: string, room: string | undefined) => string | undefined;
  readonly handle: (line: CommandLine) => Promise<LineVerdict>;
}

/** Commands of everybody but those who are ignored. What they say otherwise is heard. */
export function attending(options: AttendingOptions): (line: CommandLine) => Promise<LineVerdict> {
  const { ignored, note, isProtected, commandIn, handle } = options;
  return async (line) => {
    const { user, text, id } = line;
    const room = line.room?.name;
    const because = ignored.because(user);
    if (because === undefined || isProtected(user, room)) return handle(line);
    const command = commandIn(text, room);
    if (command === undefined || (room === undefined && ALWAYS_HEARD.includes(command))) return handle(line);
    note({
      source: 'moderation',
      what: `run !${command}`,
      reason: `${user} is ignored (case ${because})`,
      user,
      ...(room !== undefined && { room }),
      about: id,
    });
    return 'ignored';
  };
}
