import type { WatchFrame } from '../../bot/watch/stream-watched.ts';
import { UNTOLD } from '../../bot/watch/watched.ts';
import type { AnyEvent } from '../../plugins/api/events.ts';
import { type RecordedAct, type RecordedEntry, recordingHead } from '../../sandbox/index.ts';
import { Pseudonyms } from './pseudonyms.ts';

/** The bot's name in every recording: what the bot of a test is called. */
const BOT = 'seekeeper';

/** Turns what happens around a bot into the lines of a recording. */
export class Recorder {
  readonly #began: number;
  readonly #write: (line: string) => void;
  #names = new Pseudonyms();
  #self = '';
  #last = 0;
  #acts = 0;
  #lost = 0;

  /** @param began milliseconds since the epoch @param write gets each line, without its end */
  constructor(began: number, write: (line: string) => void) {
    this.#began = began;
    this.#write = write;
    write(recordingHead(began));
  }

  /** What was recorded, and what happened too fast to be. */
  get counts(): { readonly acts: number; readonly lost: number } {
    return { acts: this.#acts, lost: this.#lost };
  }

  take(frame: WatchFrame): void {
    if (frame.kind === 'lost') this.#lost += frame.count;
    else if (frame.kind === 'present') this.#meet(frame);
    else if (frame.kind === 'event') {
      const act = this.#actOf(frame.event);
      if (act !== undefined) this.#record(frame.at, act);
    }
  }

  /** Whoever is there is known before anybody speaks of them. */
  #meet({ self, rooms }: Extract<WatchFrame, { kind: 'present' }>): void {
    this.#self = self;
    this.#names = new Pseudonyms({ [self]: BOT });
    for (const [room, users] of Object.entries(rooms)) {
      this.#names.room(room);
      for (const user of users) this.#names.user(user);
    }
  }

  /** What the bot did itself is no part of it: a replay is there to see what it does. */
  #actOf(event: AnyEvent): RecordedAct | undefined {
    if (!('user' in event) || event.user === undefined || event.user === this.#self) return undefined;
    const user = this.#names.user(event.user);
    const room = 'room' in event && typeof event.room === 'object' ? this.#names.room(event.room.name) : '';
    switch (event.type) {
      case 'room.message':
        return event.own ? undefined : { act: 'say', room, user, text: this.#names.text(event.text) };
      case 'room.join':
        return { act: 'join', room, user };
      case 'room.leave':
        return { act: 'leave', room, user };
      case 'room.ticker':
        return { act: 'ticker', room, user, text: this.#names.text(event.ticker) };
      case 'private.message':
        return { act: 'pm', user, text: event.text === UNTOLD ? UNTOLD : this.#names.text(event.text) };
      case 'user.status':
        return { act: 'status', user, status: event.status };
      default:
        return undefined;
    }
  }

  #record(at: number, act: RecordedAct): void {
    // Host time may be set back; a recording goes forward.
    this.#last = Math.max(this.#last, at - this.#began, 0);
    this.#acts += 1;
    this.#write(JSON.stringify({ at: this.#last, ...act } satisfies RecordedEntry));
  }
}
