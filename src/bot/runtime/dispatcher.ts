import type { ClientEvents } from '../../network/events.ts';
import type { Log } from '../../platform/log.ts';
import type { AnyEvent, PrivateMessage, RoomJoin, RoomMessage } from '../../plugins/api/events.ts';
import type { IncomingLine } from '../../plugins/api/intercept.ts';
import { eventKey } from '../../plugins/host/event-key.ts';
import type { DispatchOutcome } from '../../plugins/host/types.ts';
import type { CommandLine, LineVerdict } from '../commands/command-ports.ts';
import type { Passage } from '../intercept/interceptors.ts';
import { type EventTranslator, PLAIN_EVENTS, type PlainEventName } from './events.ts';
import type { InboxMessage } from './inbox-pump.ts';
import { KeyedQueue } from './keyed-queue.ts';
import type { RoomRefs } from './room-refs.ts';

/** What the dispatcher listens to. */
export interface EventSource {
  on<E extends PlainEventName | 'room.entered' | 'state'>(
    event: E,
    handler: (value: ClientEvents[E]) => void,
  ): () => void;
}

export interface DispatcherOptions {
  /** The bot's user name. */
  readonly self: string;
  readonly events: EventTranslator;
  readonly refs: RoomRefs;
  /** Handles a line that may be a command; never rejects. */
  readonly command: (line: CommandLine) => Promise<LineVerdict>;
  readonly log: Log;
  /**
   * Asks interceptors about a line, before anybody else hears of it; never rejects.
   * @returns undefined: nobody asks for it.
   */
  readonly intercept: (line: IncomingLine) => Promise<Passage<string>> | undefined;
  /** An event was dropped. @default nobody is told */
  readonly lost?: (event: AnyEvent) => void;
  /**
   * Whether rules judge it; asked for at once, in the order in which things happen. @returns judges it, in bounded time and
   * never rejecting; undefined: nobody judges it. @default nobody judges anything
   */
  readonly judging?: (event: RoomMessage | RoomJoin) => (() => Promise<void>) | undefined;
  /** Hands an event to the plugins; never rejects. */
  readonly observe: (event: AnyEvent) => Promise<DispatchOutcome>;
}

/** Events that may wait for commands of the same people; a room that talks for an hour has fewer. */
const MAX_WAITING = 10_000;

/**
 * Brings what happens to commands and then to plugins, in order per room and user and per user in private. A command that
 * takes its time keeps back only what the same person does in the same place.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lanes = new KeyedQueue();
  readonly #observers = new Set<Promise<DispatchOutcome>>();
  #stopped = false;
  #dropped = 0;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Commands and handlers that run or wait. */
  get active(): number {
    return this.#lanes.size + this.#observers.size;
  }

  /** Begins to listen. @returns undoes it. */
  connect(source: EventSource): () => void {
    const { events, refs, self } = this.#options;
    const undo = PLAIN_EVENTS.map((name) =>
      source.on(name, (event) => {
        // What the server says of ourselves is no news to a plugin.
        if (name === 'user.status' && 'user' in event && event.user === self) return;
        this.#queue(events.plain(name, event));
        if (name === 'room.exited' && 'room' in event) refs.forget(event.room);
      }),
    );
    undo.push(
      source.on('room.entered', (event) => {
        refs.forget(event.room.name);
        this.#queue(events.entered(event));
      }),
      source.on('state', (event) => {
        if (event.state.name !== event.was.name) this.#queue(events.connection(event));
      }),
    );
    return () => {
      for (const one of undo) one();
    };
  }

  /** Resolves when nothing runs or waits any more. */
  async idle(): Promise<void> {
    while (this.active > 0) await Promise.all([this.#lanes.idle(), ...this.#observers]);
  }

  /** Takes in nothing more. */
  stop(): void {
    this.#stopped = true;
  }

  /** One private message, for the inbox pump. */
  deliver(
    message: InboxMessage,
    redelivered: boolean,
  ): { started: Promise<void>; handled: Promise<boolean> } {
    const event = this.#options.events.privateMessage(message, redelivered);
    const heard = this.#heard(event);
    const begun =
      heard instanceof Promise
        ? heard.then((left) => (left === undefined ? undefined : this.#answerPrivately(left)))
        : this.#answerPrivately(heard);
    return {
      started: begun.then(() => {}),
      handled: begun.then(async (done) => {
        if (done === undefined) return true;
        return done.verdict !== 'unfinished' && ((await done.outcome)?.unfinished ?? 0) === 0;
      }),
    };
  }

  /** What belongs to a dialog is between the two: handlers of private messages do not get it. */
  async #answerPrivately(
    event: PrivateMessage,
  ): Promise<{ readonly verdict: LineVerdict; readonly outcome?: Promise<DispatchOutcome> }> {
    const { id, user, text, at, replayed, redelivered } = event;
    const verdict = await this.#options.command({ id, user, text, at, replayed, redelivered });
    return verdict === 'answered' ? { verdict } : { verdict, outcome: this.#observe(event) };
  }

  /** The event as interceptors leave it, at once when there are none; undefined: it was dropped. */
  #heard<E extends RoomMessage | PrivateMessage>(event: E): E | Promise<E | undefined> {
    const { id, user, text, at } = event;
    const room = 'room' in event ? { room: event.room } : {};
    const passing = this.#options.intercept({ id, user, text, at, ...room });
    if (passing === undefined) return event;
    return passing.then((passed) => ('dropped' in passed ? undefined : { ...event, text: passed.text }));
  }

  #queue(event: AnyEvent): void {
    if (this.#stopped) return;
    if (this.#lanes.size >= MAX_WAITING) {
      this.#dropped += 1;
      this.#options.lost?.(event);
      if (/^10*$/.test(String(this.#dropped))) {
        this.#options.log.error('Events are dropped: a command holds up too many', {
          dropped: this.#dropped,
        });
      }
      return;
    }
    const judge =
      event.type === 'room.message' || event.type === 'room.join'
        ? this.#options.judging?.(event)
        : undefined;
    void this.#lanes.run(eventKey(event), async () => {
      if (event.type !== 'room.message' || event.own) {
        if (judge !== undefined) await judge();
        void this.#observe(event);
        return;
      }
      const hearing = this.#heard(event);
      const heard = hearing instanceof Promise ? await hearing : hearing;
      // Of what was said, whatever interceptors make of it; before a command in it runs.
      if (judge !== undefined) await judge();
      if (heard === undefined) return;
      const { id, user, text, room, at } = heard;
      await this.#options.command({ id, user, text, room, at, replayed: false, redelivered: false });
      void this.#observe(heard);
    });
  }

  #observe(event: AnyEvent): Promise<DispatchOutcome> {
    const outcome = this.#options.observe(event);
    this.#observers.add(outcome);
    void outcome.then(() => this.#observers.delete(outcome));
    return outcome;
  }
}
