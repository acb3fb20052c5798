import type { RoomsContext } from './context.ts';
import type { RoomState } from './room-state.ts';

/**
 * Changes the owner, members and operators of a private room and reports each change once, however often and
 * through whichever message it arrives: the server announces the same change to us by several, some of them twice.
 */
export class MembershipBook {
  readonly #context: RoomsContext;

  constructor(context: RoomsContext) {
    this.#context = context;
  }

  /** The owner stands in neither list. */
  setOwner(state: RoomState, owner: string): void {
    state.owner = owner;
    state.operators.delete(owner);
    state.members.delete(owner);
  }

  /** The complete list. The first one of a session is what it is; later ones report what differs. */
  setMembers(state: RoomState, users: readonly string[]): void {
    const listed = new Set(users);
    if (state.owner !== undefined) listed.delete(state.owner);
    const report = state.membersKnown;
    state.membersKnown = true;
    for (const user of [...state.members]) if (!listed.has(user)) this.removeMember(state, user, report);
    for (const user of listed) this.addMember(state, user, report);
  }

  /** The complete list; operators are members too. */
  setOperators(state: RoomState, users: readonly string[]): void {
    const listed = new Set(users);
    if (state.owner !== undefined) listed.delete(state.owner);
    const report = state.operatorsKnown;
    state.operatorsKnown = true;
    for (const user of [...state.operators]) if (!listed.has(user)) this.removeOperator(state, user, report);
    for (const user of listed) this.addOperator(state, user, report);
  }

  addMember(state: RoomState, user: string, report = true): void {
    if (user === state.owner || state.members.has(user)) return;
    state.members.add(user);
    if (report) this.#report('room.member', state, user, 'added');
  }

  removeMember(state: RoomState, user: string, report = true): void {
    this.removeOperator(state, user, report);
    if (state.members.delete(user) && report) this.#report('room.member', state, user, 'removed');
  }

  addOperator(state: RoomState, user: string, report = true): void {
    if (user === state.owner || state.operators.has(user)) return;
    this.addMember(state, user, report);
    state.operators.add(user);
    if (report) this.#report('room.operator', state, user, 'added');
  }

  removeOperator(state: RoomState, user: string, report = true): void {
    if (state.operators.delete(user) && report) this.#report('room.operator', state, user, 'removed');
  }

  /** We do not belong to the room any more, so nobody will tell us who does. */
  revokeOurs(state: RoomState, report = true): void {
    this.removeMember(state, this.#context.link.username, report);
    state.forgetMembership();
  }

  #report(
    event: 'room.member' | 'room.operator',
    state: RoomState,
    user: string,
    change: 'added' | 'removed',
  ): void {
    const { emitter, clock, link } = this.#context;
    const at = clock.now();
    const room = state.name;
    emitter.emit(event, { room, user, change, at });
    if (user !== link.username) return;
    const word = event === 'room.member' ? 'member' : 'operator';
    emitter.emit('room.standing', { room, change: change === 'added' ? word : `not-${word}`, at });
  }
}
