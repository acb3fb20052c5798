import type { Timer } from '../../platform/clock.ts';
import type { Deferred } from '../../platform/deferred.ts';
import type { ServerLink } from '../server-link.ts';
import type { AdminKind } from './admin-rules.ts';
import { noticeReadings } from './notice-parser.ts';
import type { Notice } from './notices.ts';
import type { AdminOutcome, RefusalCode } from './room.ts';

/** An action that waits for its effect to be seen. */
export interface PendingAction extends Deferred<AdminOutcome> {
  readonly kind: AdminKind;
  readonly room: string;
  /** Ourselves for actions without another user. */
  readonly user: string;
  /** Takes the frame back while it still waits for its turn. */
  readonly abort: AbortController;
  sent: boolean;
  timer: Timer | undefined;
}

/** What a notice says of an action of one of these kinds. */
interface Verdict {
  readonly kinds: readonly AdminKind[];
  /** Absent: the action succeeded. */
  readonly refusal?: RefusalCode;
}

const VERDICTS: Partial<Record<Notice['kind'], Verdict>> = {
  'user-offline': { kinds: ['add-member', 'add-operator'], refusal: 'offline' },
  'invitations-off': { kinds: ['add-member'], refusal: 'invitations-off' },
  'already-member': { kinds: ['add-member'], refusal: 'already-member' },
  'is-owner': {
    kinds: ['add-member', 'remove-member', 'add-operator', 'remove-operator'],
    refusal: 'is-owner',
  },
  'must-be-member': { kinds: ['add-operator'], refusal: 'not-member' },
  'already-operator': { kinds: ['add-operator'], refusal: 'already-operator' },
  'now-member': { kinds: ['add-member'] },
  'no-longer-member': { kinds: ['remove-member', 'cancel-membership'] },
  'now-operator': { kinds: ['add-operator'] },
  'no-longer-operator': { kinds: ['remove-operator', 'cancel-operatorship'] },
};

/**
 * Actions under way, oldest first, and what is seen of them. An effect that is seen confirms an action whoever
 * caused it, since what was wanted is so then. A refusal needs the action to have been sent, and goes to the one
 * that the notice names: by user and room, or to the oldest for that user when it names no room.
 */
export class PendingActions {
  readonly #me: () => string;
  #actions: readonly PendingAction[] = [];

  constructor(link: ServerLink) {
    this.#me = () => link.username;
    link.on('AddRoomMember', ({ room, username }) => this.#confirm(['add-member'], room, username));
    link.on('AddRoomOperator', ({ room, username }) =>
      this.#confirm(['add-operator', 'add-member'], room, username),
    );
    link.on('RemoveRoomMember', ({ room, username }) => {
      const kinds = ['remove-member', 'remove-operator', 'cancel-membership', 'cancel-operatorship'] as const;
      this.#confirm(kinds, room, username);
    });
    link.on('RemoveRoomOperator', ({ room, username }) => {
      this.#confirm(['remove-operator', 'cancel-operatorship'], room, username);
    });
    link.on('RoomMembershipRevoked', ({ room }) => {
      this.#confirm(['cancel-membership', 'cancel-operatorship', 'dissolve'], room, this.#me());
    });
    link.on('RoomOperatorshipRevoked', ({ room }) =>
      this.#confirm(['cancel-operatorship'], room, this.#me()),
    );
    link.on('RoomMembers', ({ room, usernames }) => {
      const members = new Set(usernames);
      this.#confirmWhere(
        (action) => action.room === room && action.kind === 'add-member' && members.has(action.user),
      );
      this.#confirmWhere(
        (action) => action.room === room && action.kind === 'remove-member' && !members.has(action.user),
      );
    });
    link.on('RoomOperators', ({ room, usernames }) => {
      const operators = new Set(usernames);
      this.#confirmWhere(
        (action) => action.room === room && action.kind === 'add-operator' && operators.has(action.user),
      );
      this.#confirmWhere(
        (action) => action.room === room && action.kind === 'remove-operator' && !operators.has(action.user),
      );
    });
    link.on('RoomList', ({ ownedRooms, memberRooms, operatedRooms }) => {
      const lists = {
        dissolve: new Set(ownedRooms),
        'cancel-membership': new Set([...memberRooms, ...operatedRooms]),
        'cancel-operatorship': new Set(operatedRooms),
      };
      this.#confirmWhere(({ kind, room }) => kind in lists && !lists[kind as keyof typeof lists].has(room));
    });
    link.on('MessageUser', ({ username, message, isNew }) => {
      // One that was stored for us speaks of an earlier session.
      if (username === 'server' && isNew !== false) this.#notice(message);
    });
    link.onLost(() => {
      const outcome = { state: 'unknown', reason: 'the connection was lost' } as const;
      for (const action of this.#actions) if (action.sent) this.settle(action, outcome);
    });
  }

  add(action: PendingAction): void {
    this.#actions = [...this.#actions, action];
  }

  /** Ends an action; one that ended before stays as it was. */
  settle(action: PendingAction, outcome: AdminOutcome): void {
    if (!this.has(action)) return;
    this.#actions = this.#actions.filter((other) => other !== action);
    action.timer?.cancel();
    if (!action.sent) action.abort.abort();
    action.resolve(outcome);
  }

  has(action: PendingAction): boolean {
    return this.#actions.includes(action);
  }

  /** Attributed by the reading that fits an action: names may contain the very words of these sentences. */
  #notice(text: string): void {
    for (const reading of noticeReadings(text)) {
      const verdict = VERDICTS[reading.kind];
      if (!verdict || !('user' in reading)) continue;
      const room = 'room' in reading ? reading.room : undefined;
      const action = this.#actions.find(
        ({ kind, room: itsRoom, user, sent }) =>
          verdict.kinds.includes(kind) &&
          user === reading.user &&
          (room === undefined || room === itsRoom) &&
          (sent || verdict.refusal === undefined),
      );
      if (!action) continue;
      const { refusal } = verdict;
      this.settle(
        action,
        refusal ? { state: 'refused', code: refusal, reason: text } : { state: 'confirmed' },
      );
      return;
    }
  }

  #confirm(kinds: readonly AdminKind[], room: string, user: string): void {
    this.#confirmWhere(
      (action) => kinds.includes(action.kind) && action.room === room && action.user === user,
    );
  }

  #confirmWhere(matches: (action: PendingAction) => boolean): void {
    for (const action of this.#actions) if (matches(action)) this.settle(action, { state: 'confirmed' });
  }
}
