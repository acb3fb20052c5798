import type { Context } from './context.ts';
import type { Handlers } from './messages.ts';
import type { Room } from './room.ts';
import type { Session } from './session.ts';

/**
 * The room list and, for each private room of the user, its members and operators.
 * @param minimum public rooms with fewer users inside are left out.
 */
export function sendRoomLists(context: Context, session: Session, minimum: number): void {
  const mine = [...context.rooms.all()].filter((room) => room.private && room.isInsider(session.name));
  sendRoomList(context, session, minimum);
  for (const room of mine)
    session.send({ type: 'RoomMembers', room: room.name, usernames: [...room.members] });
  for (const room of mine)
    session.send({ type: 'RoomOperators', room: room.name, usernames: [...room.operators] });
}

/** Counts are users inside, not members. */
function sendRoomList(context: Context, session: Session, minimum: number): void {
  const user = session.name;
  const all = [...context.rooms.all()];
  const open = all.filter((room) => !room.private && room.users.size > 0 && room.users.size >= minimum);
  const owned = all.filter((room) => room.owner === user);
  const member = all.filter((room) => room.members.has(user));
  const operated = all.filter((room) => room.operators.has(user));
  session.send({
    type: 'RoomList',
    rooms: open.map(name),
    roomUserCounts: open.map(count),
    ownedRooms: owned.map(name),
    ownedRoomUserCounts: owned.map(count),
    memberRooms: member.map(name),
    memberRoomUserCounts: member.map(count),
    operatedRooms: operated.map(name),
  });
}

const name = (room: Room) => room.name;
const count = (room: Room) => room.users.size;

export const roomListHandlers = {
  RoomList(context, session) {
    sendRoomLists(context, session, 0);
  },
} satisfies Partial<Handlers>;
