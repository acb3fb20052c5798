import type { Clock } from '../../platform/clock.ts';
import { deferred } from '../../platform/deferred.ts';
import type { Log } from '../../platform/log.ts';
import type { ServerRequest } from '../../protocol/index.ts';
import type { SendOptions } from '../governor/traffic.ts';
import type { ServerLink } from '../server-link.ts';
import { Replies } from '../users/replies.ts';
import type { PendingAction } from './admin-pending.ts';
import { PendingActions } from './admin-pending.ts';
import type { AdminKind } from './admin-rules.ts';
import { refuseLocally } from './admin-rules.ts';
import type { AdminOutcome } from './room.ts';
import type { Rooms } from './rooms.ts';

export interface RoomAdminOptions {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly rooms: Rooms;
  /** How long to wait for an effect once the request left, milliseconds. @default 15000 */
  readonly timeoutMs?: number;
}

/**
 * What owners and operators of private rooms can do; public rooms have no such thing. The server confirms
 * nothing directly, so each action ends by what is seen of it: events of the room, notices of the server, or
 * nothing in time (`unknown`; it may still have worked). Nothing here ever rejects. Actions on the same user in the
 * same room wait for each other.
 */
export class RoomAdmin {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rooms: Rooms;
  readonly #timeoutMs: number;
  readonly #pending: PendingActions;
  readonly #passwords: Replies<string>;
  /** The last action on each room and user. */
  readonly #last = new Map<string, Promise<AdminOutcome>>();

  constructor(options: RoomAdminOptions) {
    this.#link = options.link;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#rooms = options.rooms;
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    this.#pending = new PendingActions(options.link);
    this.#passwords = new Replies(options.link, options.clock, this.#timeoutMs);
    options.link.on('ChangePassword', ({ password }) => this.#passwords.answer('', password));
  }

  /** Adds a member. The user must be online and accept invitations. Owner and operators may. */
  addMember(room: string, user: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#act('add-member', room, user, { type: 'AddRoomMember', room, username: user }, options);
  }

  /** Revokes a membership, which also puts the user out: the only sanction there is. */
  removeMember(room: string, user: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#act(
      'remove-member',
      room,
      user,
      { type: 'RemoveRoomMember', room, username: user },
      options,
    );
  }

  /** Makes a member, who must be online, an operator. Owner only. */
  addOperator(room: string, user: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#act('add-operator', room, user, { type: 'AddRoomOperator', room, username: user }, options);
  }

  removeOperator(room: string, user: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#act(
      'remove-operator',
      room,
      user,
      { type: 'RemoveRoomOperator', room, username: user },
      options,
    );
  }

  /** Leaves a private room for good. */
  cancelMembership(room: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#act(
      'cancel-membership',
      room,
      this.#link.username,
      { type: 'CancelRoomMembership', room },
      options,
    );
  }

  /** Gives up our own operatorship. Known of soulfind only; expect `unknown` elsewhere. */
  cancelOperatorship(room: string, options?: SendOptions): Promise<AdminOutcome> {
    const request = { type: 'CancelRoomOperatorship', room } as const;
    return this.#act('cancel-operatorship', room, this.#link.username, request, options);
  }

  /** Gives up ownership, which disbands the room. */
  dissolve(room: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#act('dissolve', room, this.#link.username, { type: 'CancelRoomOwnership', room }, options);
  }

  /** Changes the account's password. The server answers success only. The password is never logged. */
  changePassword(password: string, options?: SendOptions): Promise<AdminOutcome> {
    return this.#afterLast('password', async () => {
      if (password === '') return { state: 'refused', code: 'dropped', reason: 'the new password is empty' };
      const answer = await this.#passwords.ask('', { type: 'ChangePassword', password }, options);
      if (answer.state === 'unknown') return answer;
      if (answer.value === password) return { state: 'confirmed' };
      return { state: 'unknown', reason: 'the server confirmed a different password' };
    });
  }

  #act(
    kind: AdminKind,
    room: string,
    user: string,
    request: ServerRequest,
    options: SendOptions = {},
  ): Promise<AdminOutcome> {
    // Room names have no line breaks, so the key is unambiguous.
    return this.#afterLast(`${room}\n${user}`, () => this.#start(kind, room, user, request, options));
  }

  #afterLast(key: string, run: () => Promise<AdminOutcome>): Promise<AdminOutcome> {
    const last = this.#last.get(key);
    const outcome = last ? last.then(run) : run();
    this.#last.set(key, outcome);
    void outcome.then(() => {
      if (this.#last.get(key) === outcome) this.#last.delete(key);
    });
    return outcome;
  }

  async #start(
    kind: AdminKind,
    room: string,
    user: string,
    request: ServerRequest,
    options: SendOptions,
  ): Promise<AdminOutcome> {
    const { username: me } = this.#link;
    const snapshot = this.#rooms.get(room);
    const refusal = refuseLocally(kind, {
      me,
      room,
      user,
      snapshot,
      standingKnown: this.#rooms.standingKnown,
    });
    if (refusal) return { state: 'refused', ...refusal };
    const abort = new AbortController();
    const action: PendingAction = {
      ...deferred<AdminOutcome>(),
      kind,
      room,
      user,
      abort,
      sent: false,
      timer: undefined,
    };
    this.#pending.add(action);
    void this.#send(action, request, options);
    const outcome = await action.promise;
    this.#log.info('Room administration', { kind, room, user, outcome: outcome.state });
    if (kind === 'dissolve') {
      if (outcome.state === 'confirmed') this.#rooms.dissolved(room);
      else this.#rooms.expectDissolution(room, false);
    }
    return outcome;
  }

  async #send(action: PendingAction, request: ServerRequest, options: SendOptions): Promise<void> {
    const { kind, room, abort } = action;
    const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
    if (kind === 'dissolve') this.#rooms.expectDissolution(room, true);
    const outcome = await this.#link.send(request, { kind: 'room-admin', room }, { ...options, signal });
    if (!this.#pending.has(action)) return;
    if (outcome.state !== 'sent') {
      this.#pending.settle(action, { state: 'refused', code: 'dropped', reason: outcome.reason });
      return;
    }
    action.sent = true;
    action.timer = this.#clock.setTimeout(() => {
      const reason = `nothing was seen of it within ${this.#timeoutMs / 1000} s`;
      this.#pending.settle(action, { state: 'unknown', reason });
    }, this.#timeoutMs);
    // What concerns ourselves shows in the room list; the server answers in order, so this one tells.
    if (kind === 'dissolve' || kind.startsWith('cancel-')) void this.#rooms.refreshList();
  }
}
