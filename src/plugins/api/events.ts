import type { LineReceipt, SendOptions } from './lines.ts';
import type { UserStats, UserStatus } from './people.ts';
import type { RoomRef } from './rooms.ts';

interface Base<Type extends string> {
  readonly type: Type;
  /** Stable: the same happening has the same id, also when it is delivered again. */
  readonly id: string;
  /** When it happened, by the host's clock, milliseconds since the epoch. Use it instead of asking for the time. */
  readonly at: number;
}

/** Somebody wrote a line in a room. */
export interface RoomMessage extends Base<'room.message'> {
  readonly room: RoomRef;
  readonly user: string;
  readonly text: string;
  /** The bot's own line. Comes only to handlers with `own: true`. */
  readonly own: boolean;
}

export interface RoomJoin extends Base<'room.join'> {
  readonly room: RoomRef;
  readonly user: string;
  readonly status: UserStatus;
  readonly stats: UserStats;
  /** Two-letter code from the server; often empty. */
  readonly country: string;
}

export interface RoomLeave extends Base<'room.leave'> {
  readonly room: RoomRef;
  readonly user: string;
}

/** Somebody changed their line on the room's wall. */
export interface RoomTicker extends Base<'room.ticker'> {
  readonly room: RoomRef;
  readonly user: string;
  /** Empty when it was taken away. */
  readonly ticker: string;
  readonly old?: string;
}

/** Somebody was added to or removed from a private room's members. Who did it is not in the protocol. */
export interface RoomMember extends Base<'room.member'> {
  readonly room: RoomRef;
  readonly user: string;
  readonly change: 'added' | 'removed';
}

/** Somebody became or ceased to be an operator of a private room. */
export interface RoomOperator extends Base<'room.operator'> {
  readonly room: RoomRef;
  readonly user: string;
  readonly change: 'added' | 'removed';
}

/** The bot entered a room. */
export interface RoomEntered extends Base<'room.entered'> {
  readonly room: RoomRef;
  /** After a reconnect. */
  readonly again: boolean;
  /** It was so before the plugin was loaded, which hears of it now. Not news to anybody else: greet nobody for it. */
  readonly late?: true;
}

/** The bot is no longer in a room. */
export interface RoomExited extends Base<'room.exited'> {
  readonly room: RoomRef;
  readonly reason: 'left' | 'removed' | 'dissolved' | 'disconnected';
}

/** A private message to the bot, stored and acknowledged. Handled at least once; `id` is the same every time. */
export interface PrivateMessage extends Base<'private.message'> {
  readonly user: string;
  readonly text: string;
  /** When it was sent, by the server's clock, milliseconds since the epoch. */
  readonly sentAt: number;
  /** The server had stored it: the bot was away when it was sent. */
  readonly replayed: boolean;
  /** A handler of ours may have run for it before. */
  readonly redelivered: boolean;
}

/** A user whom the bot watches, or shares a room with, changed status. */
export interface UserStatusChange extends Base<'user.status'> {
  readonly user: string;
  readonly status: UserStatus;
  readonly was?: UserStatus;
  readonly privileged: boolean;
}

/** The server said something to the bot, in words. */
export interface ServerNotice extends Base<'notice'> {
  /** What it means, e.g. `banned`, `now-member`, `room-name-refused`; `other` when nobody knows. */
  readonly kind: string;
  readonly text: string;
  readonly room?: string;
  readonly user?: string;
}

/** The connection to the server changed. `online` is the only state in which anything can be sent. */
export interface ConnectionChange extends Base<'connection'> {
  readonly state: ConnectionState;
  readonly was: ConnectionState;
  /** It was so before the plugin was loaded, which hears of it now; `was` is the same as `state` then. */
  readonly late?: true;
}

export type ConnectionState =
  | 'offline'
  | 'connecting'
  | 'logging-in'
  | 'online'
  | 'banned'
  | 'replaced'
  | 'refused';

/** Every event by its name, as plain data. */
export interface EventMap {
  'room.message': RoomMessage;
  'room.join': RoomJoin;
  'room.leave': RoomLeave;
  'room.ticker': RoomTicker;
  'room.member': RoomMember;
  'room.operator': RoomOperator;
  'room.entered': RoomEntered;
  'room.exited': RoomExited;
  'private.message': PrivateMessage;
  'user.status': UserStatusChange;
  notice: ServerNotice;
  connection: ConnectionChange;
}

export type EventName = keyof EventMap;

/** Any event; `type` tells which. */
export type AnyEvent = EventMap[EventName];

/** Events that can be answered. */
export type AnswerableEvent = 'room.message' | 'room.join' | 'room.ticker' | 'private.message';

/**
 * Sends an answer to where the event came from: the room, or the person who wrote in private. Resolves as soon as the
 * line is durably queued. In a room it needs `room.say`; the answer to a private message or to a command needs nothing.
 * A list is sent as several lines.
 * @throws PluginError (as rejection) `reply-over` after 15 minutes or 20 answers; `need-missing`; `unloaded`.
 */
export type Reply = (text: string | readonly string[], options?: SendOptions) => Promise<LineReceipt>;

/** What a handler gets: the event, and `reply` where it can be answered. */
export type EventOf<E extends EventName> = E extends AnswerableEvent
  ? EventMap[E] & { readonly reply: Reply }
  : EventMap[E];
