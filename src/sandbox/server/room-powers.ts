import type { ServerResponseOf } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import type { Handlers } from './messages.ts';
import type { Room } from './room.ts';
import { sendRoomLists } from './room-list.ts';
import { leave } from './rooms.ts';
import type { Session } from './session.ts';
import { broadcast, broadcastTo } from './sessions.ts';
import { texts } from './texts.ts';

type InsiderChange = ServerResponseOf<
  'AddRoomMember' | 'RemoveRoomMember' | 'AddRoomOperator' | 'RemoveRoomOperator'
>;

/** Tells the members, inside or not, and the owner where the dialect says so. */
function pushToMembers(context: Context, room: Room, message: InsiderChange): void {
  const owner = context.rules.ownerSeesMembers && room.owner !== undefined ? [room.owner] : [];
  broadcastTo(context.sessions, [...room.members, ...owner], message);
}

function pushOperators(context: Context, room: Room, message: InsiderChange): void {
  pushToMembers(context, room, message);
  if (context.rules.operatorsTwice) broadcast(room.users.values(), message);
}

function notifyOwner(context: Context, room: Room, text: string): void {
  if (room.owner !== undefined) context.notify(room.owner, text);
}

function grantMembership(context: Context, room: Room, granter: string, grantee: Session): void {
  const user = grantee.name;
  room.members.add(user);
  pushToMembers(context, room, { type: 'AddRoomMember', room: room.name, username: user });
  grantee.send({ type: 'RoomMembershipGranted', room: room.name });
  sendRoomLists(context, grantee, 0);
  const text =
    granter === room.owner
      ? texts.nowMember(user, room.name)
      : texts.addedByOperator(user, room.name, granter);
  notifyOwner(context, room, text);
}

function revokeMembership(context: Context, room: Room, user: string): void {
  const wasOperator = room.operators.has(user);
  if (wasOperator && context.rules.operatorshipRevoked === 'before') revokeOperatorship(context, room, user);
  room.members.delete(user);
  pushToMembers(context, room, { type: 'RemoveRoomMember', room: room.name, username: user });
  notifyOwner(context, room, texts.noLongerMember(user, room.name));
  const session = context.sessions.get(user);
  session?.send({ type: 'RoomMembershipRevoked', room: room.name });
  if (session) leave(session, room);
  if (wasOperator && context.rules.operatorshipRevoked === 'after') revokeOperatorship(context, room, user);
  else if (session) sendRoomLists(context, session, 0);
}

function grantOperatorship(context: Context, room: Room, grantee: Session): void {
  const user = grantee.name;
  room.operators.add(user);
  pushOperators(context, room, { type: 'AddRoomOperator', room: room.name, username: user });
  grantee.send({ type: 'RoomOperatorshipGranted', room: room.name });
  sendRoomLists(context, grantee, 0);
  notifyOwner(context, room, texts.nowOperator(user, room.name));
}

function revokeOperatorship(context: Context, room: Room, user: string): void {
  room.operators.delete(user);
  pushOperators(context, room, { type: 'RemoveRoomOperator', room: room.name, username: user });
  const session = context.sessions.get(user);
  session?.send({ type: 'RoomOperatorshipRevoked', room: room.name });
  if (session) sendRoomLists(context, session, 0);
  notifyOwner(context, room, texts.noLongerOperator(user, room.name));
}

/** The room, if it is private. */
function privateRoom(context: Context, name: string): Room | undefined {
  const room = context.rooms.get(name);
  return room?.private === true ? room : undefined;
}

/** Who may do what follows [aioslsk]; whoever lacks the power is answered by silence. */
export const roomPowerHandlers = {
  AddRoomMember(context, session, request) {
    const user = request.username;
    const room = privateRoom(context, request.room);
    if (!room?.mayAdd(session.name) || user === session.name) return;
    const target = context.sessions.get(user);
    const tell = (text: string) => context.notify(session.name, text);
    if (!target) tell(texts.notLoggedIn(user));
    else if (!target.invitations) tell(texts.invitationsOff(user, context.rules.apostrophe));
    else if (user === room.owner) tell(texts.isOwner(user, room.name));
    else if (room.members.has(user)) tell(texts.alreadyMember(user, room.name));
    else grantMembership(context, room, session.name, target);
  },

  RemoveRoomMember(context, session, request) {
    const user = request.username;
    const room = privateRoom(context, request.room);
    if (!room?.mayAdd(session.name) || user === session.name || !room.members.has(user)) return;
    if (room.operators.has(user) && session.name !== room.owner) return;
    revokeMembership(context, room, user);
  },

  AddRoomOperator(context, session, request) {
    const user = request.username;
    const room = privateRoom(context, request.room);
    if (room?.owner !== session.name) return;
    const target = context.sessions.get(user);
    const tell = (text: string) => context.notify(session.name, text);
    if (!target) tell(texts.notLoggedIn(user));
    else if (!room.members.has(user)) tell(texts.mustBeMember(user, room.name));
    else if (room.operators.has(user)) tell(texts.alreadyOperator(user, room.name));
    else grantOperatorship(context, room, target);
  },

  RemoveRoomOperator(context, session, request) {
    const room = privateRoom(context, request.room);
    if (room?.owner !== session.name || !room.operators.has(request.username)) return;
    revokeOperatorship(context, room, request.username);
  },

  CancelRoomMembership(context, session, request) {
    const room = privateRoom(context, request.room);
    if (room?.members.has(session.name)) revokeMembership(context, room, session.name);
  },

  CancelRoomOperatorship(context, session, request) {
    const room = privateRoom(context, request.room);
    if (!context.rules.operatorsMayResign || !room?.operators.has(session.name)) return;
    revokeOperatorship(context, room, session.name);
  },

  /** Dissolves the room. Its wall survives. */
  CancelRoomOwnership(context, session, request) {
    const room = privateRoom(context, request.room);
    if (room?.owner !== session.name) return;
    const members = [...room.members];
    room.owner = undefined;
    room.operators.clear();
    room.members.clear();
    for (const member of members) revokeMembership(context, room, member);
    if (!context.rules.ownerStaysInside) leave(session, room);
    sendRoomLists(context, session, 0);
  },

  EnableRoomInvitations(_context, session, { enable }) {
    session.invitations = enable;
    session.send({ type: 'EnableRoomInvitations', enable });
  },
} satisfies Partial<Handlers>;
