import type { PrivateMessage, RoomJoin, RoomMessage } from '../../api/events.ts';
import type { CommandCall } from '../types.ts';

let made = 0;

const room = (name: string, isPrivate = false) => ({
  name,
  private: isPrivate,
  standing: isPrivate ? ('operator' as const) : ('visitor' as const),
});

/** A line of `user` in `room`. */
export function roomMessage(
  where: string,
  user: string,
  text: string,
  more: Partial<RoomMessage> = {},
): RoomMessage {
  return {
    type: 'room.message',
    id: `m${++made}`,
    at: 1_000,
    room: room(where),
    user,
    text,
    own: user === 'bot',
    ...more,
  };
}

export function roomJoin(where: string, user: string): RoomJoin {
  const stats = { avgSpeed: 0, uploads: 0, files: 0, folders: 0 };
  return {
    type: 'room.join',
    id: `j${++made}`,
    at: 1_000,
    room: room(where),
    user,
    status: 'online',
    stats,
    country: '',
  };
}

export function privateMessage(
  user: string,
  text: string,
  more: Partial<PrivateMessage> = {},
): PrivateMessage {
  return {
    type: 'private.message',
    id: `p${++made}`,
    at: 1_000,
    sentAt: 900,
    user,
    text,
    replayed: false,
    redelivered: false,
    ...more,
  };
}

/** A call from a room, or in private without `where`. */
export function commandCall(
  command: string,
  user: string,
  args: Readonly<Record<string, unknown>> = {},
  where?: string,
): CommandCall {
  return {
    args,
    user,
    at: 1_000,
    id: `c${++made}`,
    command,
    replayed: false,
    redelivered: false,
    ...(where === undefined
      ? { source: 'private', target: { kind: 'private', user } }
      : { source: 'room', room: room(where), target: { kind: 'room', room: where, user } }),
  };
}
