import { statsOf } from './accounts.ts';
import type { Context } from './context.ts';
import { type Handlers, isDeliverable, markOf, textOf } from './messages.ts';
import { roomNameFault } from './names.ts';
import type { Room } from './room.ts';
import { sendRoomLists } from './room-list.ts';
import type { Session } from './session.ts';
import { broadcast } from './sessions.ts';
import { texts } from './texts.ts';
import { sendTickers } from './tickers.ts';

/** Lets a user in: everybody inside, the newcomer included, sees the arrival; then the newcomer gets the room. */
function enter(session: Session, room: Room): void {
  room.users.set(session.name, session);
  session.rooms.add(room);
  broadcast(room.users.values(), {
    type: 'UserJoinedRoom',
    room: room.name,
    username: session.name,
    status: session.status,
    ...statsOf(session.account),
    slotsFull: session.slotsFull,
    countryCode: session.account!.country,
  });
  const users = [...room.users.values()];
  session.send({
    type: 'JoinRoom',
    room: room.name,
    usernames: users.map((user) => user.name),
    statuses: users.map((user) => user.status),
    stats: users.map((user) => statsOf(user.account)),
    slotsFull: users.map((user) => user.slotsFull),
    countryCodes: users.map((user) => user.account!.country),
    ...(room.owner === undefined ? {} : { owner: room.owner, operators: [...room.operators] }),
  });
  sendTickers(session, room);
}

/** Takes a user out: the others see the departure, the user gets the confirmation. */
export function leave(session: Session, room: Room): void {
  if (room.users.get(session.name) !== session) return;
  room.users.delete(session.name);
  session.rooms.delete(room);
  broadcast(room.users.values(), { type: 'UserLeftRoom', room: room.name, username: session.name });
  session.send({ type: 'LeaveRoom', room: room.name });
}

function claim(context: Context, session: Session, room: Room, asPrivate: boolean): void {
  if (!asPrivate) {
    room.registeredPublic = true;
    return;
  }
  if (room.registeredPublic) return;
  room.owner = session.name;
  if (context.rules.listAfterCreation) sendRoomLists(context, session, 0);
}

export const roomHandlers = {
  JoinRoom(context, session, request) {
    const fault = roomNameFault(request.room);
    if (fault !== undefined) {
      context.notify(session.name, texts.roomNameRefused(fault));
      return;
    }
    const room = context.rooms.getOrCreate(request.room);
    if (room.users.has(session.name)) return;
    if (!room.mayEnter(session.name)) {
      session.send({ type: 'CantCreateRoom', room: room.name });
      context.notify(session.name, texts.registeredPrivate(room.name));
      return;
    }
    const asPrivate = request.private === true;
    if (asPrivate && room.registeredPublic) context.notify(session.name, texts.registeredPublic(room.name));
    if (room.unclaimed) claim(context, session, room, asPrivate);
    enter(session, room);
  },

  LeaveRoom(context, session, request) {
    const room = context.rooms.get(request.room);
    if (room) leave(session, room);
  },

  /** Echoed to the speaker too. Speech in rooms not joined, line breaks and overlong text: dropped without a word. */
  SayChatroom(context, session, request) {
    const room = context.rooms.get(request.room);
    const text = textOf(request, 'message');
    if (!room?.users.has(session.name) || !isDeliverable(text)) return;
    const fault = context.flood?.roomLine(session.name, room.name, text.text);
    if (fault) {
      context.banForFlooding(session, fault);
      return;
    }
    const line = { room: room.name, username: session.name, message: text.text, ...markOf('message', text) };
    broadcast(room.users.values(), { type: 'SayChatroom', ...line });
    if (!room.private || context.rules.feedLeaksPrivate) {
      const readers = [...context.sessions.online()].filter((reader) => reader.feed);
      broadcast(readers, { type: 'GlobalRoomMessage', ...line });
    }
    context.events.emit('line', {
      room: room.name,
      user: session.name,
      text: text.text,
      at: context.clock.now(),
    });
  },

  JoinGlobalRoom(_context, session) {
    session.feed = true;
  },

  LeaveGlobalRoom(_context, session) {
    session.feed = false;
  },
} satisfies Partial<Handlers>;
