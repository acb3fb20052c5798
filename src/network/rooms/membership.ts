import type { ServerResponseOf } from '../../protocol/index.ts';
import type { RoomsContext } from './context.ts';
import type { MembershipBook } from './membership-book.ts';
import { noticeReadings } from './notice-parser.ts';
import type { RoomPresence } from './presence.ts';
import type { RoomState } from './room-state.ts';

/** Listens to everything that tells who belongs to private rooms, and what we are there. */
export class RoomMembership {
  readonly #context: RoomsContext;
  readonly #book: MembershipBook;
  readonly #presence: RoomPresence;
  /** The room list of this session arrived; from then on a change in it is news. */
  #listed = false;

  constructor(context: RoomsContext, book: MembershipBook, presence: RoomPresence) {
    this.#context = context;
    this.#book = book;
    this.#presence = presence;
    const { link, table } = context;
    link.on('RoomList', (message) => this.#roomList(message));
    link.on('RoomMembers', ({ room, usernames }) => book.setMembers(this.#private(room), usernames));
    link.on('RoomOperators', ({ room, usernames }) => book.setOperators(this.#private(room), usernames));
    link.on('AddRoomMember', ({ room, username }) => {
      this.#about(room, username, (state) => book.addMember(state, username));
    });
    link.on('RemoveRoomMember', ({ room, username }) => {
      if (username === link.username) this.#revoked(room);
      else this.#about(room, username, (state) => book.removeMember(state, username));
    });
    link.on('AddRoomOperator', ({ room, username }) => {
      this.#about(room, username, (state) => book.addOperator(state, username));
    });
    link.on('RemoveRoomOperator', ({ room, username }) => {
      this.#about(room, username, (state) => book.removeOperator(state, username));
    });
    link.on('RoomMembershipGranted', ({ room }) => book.addMember(this.#private(room), link.username));
    link.on('RoomMembershipRevoked', ({ room }) => this.#revoked(room));
    link.on('RoomOperatorshipGranted', ({ room }) => book.addOperator(this.#private(room), link.username));
    link.on('RoomOperatorshipRevoked', ({ room }) => {
      const state = table.get(room);
      if (state) book.removeOperator(state, link.username);
    });
    link.on('MessageUser', ({ username, message, isNew }) => {
      // One that was stored for us speaks of an earlier session.
      if (username === 'server' && isNew !== false) this.#notice(message);
    });
    link.onLost(() => (this.#listed = false));
  }

  /** Owners are no members, so the official server tells them in words alone what happens to those [aioslsk]. */
  #notice(text: string): void {
    const { table, link } = this.#context;
    for (const notice of noticeReadings(text)) {
      if (!('user' in notice) || !('room' in notice)) continue;
      const state = table.get(notice.room);
      // Names may contain the very words of these sentences: the reading that fits one of our rooms is it.
      if (state?.owner !== link.username) continue;
      if (notice.kind === 'now-member') this.#book.addMember(state, notice.user);
      else if (notice.kind === 'no-longer-member') this.#book.removeMember(state, notice.user);
      else if (notice.kind === 'now-operator') this.#book.addOperator(state, notice.user);
      else if (notice.kind === 'no-longer-operator') this.#book.removeOperator(state, notice.user);
      return;
    }
  }

  #roomList(message: ServerResponseOf<'RoomList'>): void {
    const { link, table } = this.#context;
    const report = this.#listed;
    this.#listed = true;
    const owned = new Set(message.ownedRooms);
    const operated = new Set(message.operatedRooms);
    const member = new Set([...message.memberRooms, ...operated]);
    const open = new Set(message.rooms);
    for (const room of owned) this.#book.setOwner(this.#private(room), link.username);
    for (const room of member) {
      if (owned.has(room)) continue;
      const state = this.#private(room);
      // Ours before, listed as somebody else's now.
      if (state.owner === link.username) state.forgetMembership();
      this.#book.addMember(state, link.username, report);
      if (operated.has(room)) this.#book.addOperator(state, link.username, report);
      else this.#book.removeOperator(state, link.username, report);
    }
    for (const state of [...table.values()]) {
      if (owned.has(state.name) || member.has(state.name)) continue;
      // Moderated rooms have members but stand among the public ones; their absence elsewhere says nothing.
      if (state.private && !open.has(state.name) && !state.joined) this.#book.revokeOurs(state, report);
      table.release(state, link.username);
    }
  }

  #revoked(room: string): void {
    const { table, link } = this.#context;
    const state = table.get(room);
    if (!state) return;
    this.#book.revokeOurs(state);
    // LeaveRoom follows when we were inside; leaving now makes the exit one event whether it comes or not.
    this.#presence.exit(state, state.dissolving ? 'dissolved' : 'removed');
    table.release(state, link.username);
  }

  /** A change of somebody's membership; of rooms that we know nothing of only our own matters. */
  #about(room: string, user: string, change: (state: RoomState) => void): void {
    const known = this.#context.table.get(room);
    if (!known && user !== this.#context.link.username) return;
    change(known ?? this.#private(room));
    if (known) known.private = true;
  }

  #private(room: string): RoomState {
    const state = this.#context.table.ensure(room);
    state.private = true;
    return state;
  }
}
