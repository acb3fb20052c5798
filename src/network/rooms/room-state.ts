import type { Standing } from './room.ts';

/**
 * One room as we keep it. Invariants: operators are members, the owner is in neither set, users, tickers only
 * while joined.
 */
export class RoomState {
  readonly name: string;
  private = false;
  joined = false;
  /** To be joined after every login. */
  wanted = false;
  /** Join with the private flag. */
  wantPrivate = false;
  /** We were inside before, perhaps in an earlier session. */
  entered = false;
  /** LeaveRoom left and was not answered yet. */
  leaving = false;
  /** CancelRoomOwnership left and was not answered yet. */
  dissolving = false;
  /** RoomMembers arrived in this session. */
  membersKnown = false;
  /** RoomOperators arrived in this session. */
  operatorsKnown = false;
  owner: string | undefined = undefined;
  readonly members = new Set<string>();
  readonly operators = new Set<string>();
  readonly users = new Set<string>();
  readonly tickers = new Map<string, string>();

  constructor(name: string) {
    this.name = name;
  }

  standing(me: string): Standing {
    if (this.owner === me) return 'owner';
    if (this.operators.has(me)) return 'operator';
    return this.members.has(me) ? 'member' : 'visitor';
  }

  /** Forgets who belongs to the room: we are told no longer. */
  forgetMembership(): void {
    this.owner = undefined;
    this.members.clear();
    this.operators.clear();
    this.membersKnown = false;
    this.operatorsKnown = false;
  }
}
