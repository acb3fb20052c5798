import type { RefusalCode, RoomSnapshot } from './room.ts';

/** What can be done to private rooms. `cancel-…` and `dissolve` concern ourselves. */
export type AdminKind =
  | 'add-member'
  | 'remove-member'
  | 'add-operator'
  | 'remove-operator'
  | 'cancel-membership'
  | 'cancel-operatorship'
  | 'dissolve';

/** What is known for certain before an action is sent. */
export interface AdminView {
  readonly me: string;
  readonly room: string;
  readonly user: string;
  readonly snapshot: RoomSnapshot | undefined;
  /** This session's room list arrived, so that our standing is certain. */
  readonly standingKnown: boolean;
}

export interface LocalRefusal {
  readonly code: RefusalCode;
  readonly reason: string;
}

/**
 * Why the server would certainly refuse (it mostly says nothing then), or undefined. Membership of others is
 * not used: an owner who is not inside may not be told of every change on the official server.
 */
export function refuseLocally(kind: AdminKind, view: AdminView): LocalRefusal | undefined {
  const { me, room, user, snapshot } = view;
  if (snapshot?.joined && !snapshot.private) {
    return { code: 'public-room', reason: `${room} is a public room: it has no owner, operators or members` };
  }
  const standing = snapshot?.standing ?? 'visitor';
  // A visitor may only be one that was not told yet.
  const isCertain = view.standingKnown || standing !== 'visitor';
  switch (kind) {
    case 'cancel-membership':
      if (standing === 'owner')
        return { code: 'is-owner', reason: `the owner cannot leave ${room}, only dissolve it` };
      if (isCertain && standing === 'visitor')
        return { code: 'not-member', reason: `not a member of ${room}` };
      return undefined;
    case 'cancel-operatorship':
      if (isCertain && standing !== 'operator')
        return { code: 'not-operator', reason: `not an operator of ${room}` };
      return undefined;
    case 'dissolve':
      if (isCertain && standing !== 'owner')
        return { code: 'no-power', reason: `only its owner can dissolve ${room}` };
      return undefined;
    case 'add-operator':
    case 'remove-operator':
      if (user === me) return { code: 'self', reason: 'that is the bot itself' };
      if (user === snapshot?.owner) return { code: 'is-owner', reason: `${user} owns ${room}` };
      if (isCertain && standing !== 'owner') {
        return { code: 'no-power', reason: `only the owner of ${room} makes and unmakes operators` };
      }
      return undefined;
    case 'add-member':
    case 'remove-member':
      if (user === me) return { code: 'self', reason: 'that is the bot itself' };
      if (user === snapshot?.owner) return { code: 'is-owner', reason: `${user} owns ${room}` };
      if (isCertain && standing !== 'owner' && standing !== 'operator') {
        return { code: 'no-power', reason: `only the owner and the operators of ${room} change its members` };
      }
      if (kind === 'remove-member' && standing === 'operator' && snapshot?.operators.includes(user)) {
        return {
          code: 'no-power',
          reason: `${user} is an operator of ${room}; only the owner can remove one`,
        };
      }
      return undefined;
  }
}
