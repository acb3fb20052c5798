import type { ClientEvents } from '../../network/events.ts';
import type { AnyEvent, ConnectionChange, PrivateMessage, RoomEntered } from '../../plugins/api/events.ts';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import type { InboxMessage } from './inbox-pump.ts';

/** Events of the network that plugins see in nearly the same shape, each with its translation. */
export type PlainEventName =
  | 'room.message'
  | 'room.join'
  | 'room.leave'
  | 'room.ticker'
  | 'room.member'
  | 'room.operator'
  | 'room.exited'
  | 'user.status'
  | 'notice';

export const PLAIN_EVENTS: readonly PlainEventName[] = [
  'room.message',
  'room.join',
  'room.leave',
  'room.ticker',
  'room.member',
  'room.operator',
  'room.exited',
  'user.status',
  'notice',
];

/** Turns what the network tells into what plugins get. Plain data, with an id. */
export class EventTranslator {
  readonly #refOf: (room: string) => RoomRef;
  readonly #run: string;
  #count = 0;

  /** @param run tells this run of the bot from all others, so that no two events ever have the same id. */
  constructor(refOf: (room: string) => RoomRef, run: string) {
    this.#refOf = refOf;
    this.#run = run;
  }

  plain<E extends PlainEventName>(type: E, event: ClientEvents[E]): AnyEvent {
    if ('notice' in event) {
      const { kind, text, ...about } = event.notice;
      const room = 'room' in about && about.room !== undefined ? { room: about.room } : {};
      const user = 'user' in about ? { user: about.user } : {};
      return { type: 'notice', id: this.#nextId(), at: event.at, kind, text, ...room, ...user };
    }
    const ref = 'room' in event ? { room: this.#refOf(event.room) } : {};
    // The shapes agree field by field, which the types of both sides cannot say for a union.
    return { ...event, ...ref, type, id: this.#nextId() } as unknown as AnyEvent;
  }

  entered(event: ClientEvents['room.entered']): RoomEntered {
    const room = this.#refOf(event.room.name);
    return { type: 'room.entered', id: this.#nextId(), at: event.at, room, again: event.again };
  }

  connection(event: ClientEvents['state']): ConnectionChange {
    return {
      type: 'connection',
      id: this.#nextId(),
      at: event.at,
      state: event.state.name,
      was: event.was.name,
    };
  }

  /** For somebody who comes late: the state of the connection. */
  standing(state: ConnectionChange['state'], at: number): ConnectionChange {
    return { type: 'connection', id: this.#nextId(), at, state, was: state, late: true };
  }

  /** For somebody who comes late: a room that the bot is in. */
  inside(room: string, at: number): RoomEntered {
    const ref = this.#refOf(room);
    return { type: 'room.entered', id: this.#nextId(), at, room: ref, again: false, late: true };
  }

  privateMessage(message: InboxMessage, redelivered: boolean): PrivateMessage {
    const { key, user, text, sentAt, replayed, at } = message;
    return { type: 'private.message', id: key, at, user, text, sentAt, replayed, redelivered };
  }

  #nextId(): string {
    this.#count += 1;
    return `${this.#run}-${this.#count.toString(36)}`;
  }
}
