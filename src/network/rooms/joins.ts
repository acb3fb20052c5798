import type { Timer } from '../../platform/clock.ts';
import { type Deferred, deferred } from '../../platform/deferred.ts';
import type { SendOptions } from '../governor/traffic.ts';
import type { RoomsContext } from './context.ts';
import type { JoinOptions, JoinRefusal, JoinResult, LeaveResult } from './join-result.ts';
import { parseNotice } from './notice-parser.ts';
import type { Notice } from './notices.ts';
import type { EntryPolicy, RoomPresence } from './presence.ts';
import { Rejoins } from './rejoins.ts';
import { roomNameProblem } from './room-name.ts';
import type { RoomState } from './room-state.ts';

/** A refusal comes as CantCreateRoom and as a notice, in either order; this long one waits for the other, milliseconds. */
const GRACE_MS = 2_000;

interface PendingJoin extends Deferred<JoinResult> {
  readonly name: string;
  readonly private: boolean;
  /** The first entry into this room that was ever asked for. */
  readonly first: boolean;
  readonly abort: AbortController;
  sent: boolean;
  cannot: boolean;
  notice: Notice | undefined;
  timer: Timer | undefined;
}

/** Entering and leaving rooms by our own will, and entering them again after each login. */
export class RoomJoins implements EntryPolicy {
  readonly #context: RoomsContext;
  readonly #presence: RoomPresence;
  readonly #timeoutMs: number;
  readonly #joins = new Map<string, PendingJoin>();
  readonly #leaves = new Map<string, Deferred<LeaveResult> & { timer: Timer | undefined }>();
  readonly #rejoins: Rejoins;

  constructor(context: RoomsContext, presence: RoomPresence, timeoutMs: number) {
    this.#context = context;
    this.#presence = presence;
    this.#timeoutMs = timeoutMs;
    presence.policy = this;
    presence.onExit((state) => {
      if (state.dissolving) state.wanted = false;
      state.dissolving = false;
    });
    const { link } = context;
    link.on('CantCreateRoom', ({ room }) => this.#cannot(room));
    link.on('MessageUser', ({ username, message, isNew }) => {
      if (username === 'server' && isNew !== false) this.#notice(parseNotice(message));
    });
    this.#rejoins = new Rejoins(context, timeoutMs, (state) => {
      // Whoever heard of the login first may have asked already.
      if (!this.#joins.has(state.name)) void this.#send(state, {});
    });
    link.onLost(() => this.#lost());
  }

  join(name: string, options: JoinOptions): Promise<JoinResult> {
    const problem = roomNameProblem(name);
    if (problem !== undefined)
      return Promise.resolve({ state: 'refused', code: 'bad-name', reason: problem });
    const { table, link } = this.#context;
    const state = table.ensure(name);
    state.wanted = true;
    state.wantPrivate = options.private ?? state.wantPrivate;
    const pending = this.#joins.get(name);
    if (pending) return pending.promise;
    if (state.joined && !state.leaving)
      return Promise.resolve(this.#success(state, options.private ?? false));
    if (link.state.name !== 'online') {
      const reason = 'not logged in; the room will be joined after the next login';
      return Promise.resolve({ state: 'refused', code: 'offline', reason });
    }
    return this.#send(state, options);
  }

  leave(name: string, options?: SendOptions): Promise<LeaveResult> {
    const { table, link } = this.#context;
    const state = table.get(name);
    this.#rejoins.forget(name);
    if (!state) return Promise.resolve('not-joined');
    state.wanted = false;
    state.wantPrivate = false;
    const join = this.#joins.get(name);
    if (join) {
      join.abort.abort();
      this.#finish(join, { state: 'refused', code: 'cancelled', reason: 'left before the server answered' });
    }
    const under = this.#leaves.get(name);
    if (under) return under.promise;
    if (!state.joined && !join?.sent) {
      table.release(state, link.username);
      return Promise.resolve('not-joined');
    }
    state.leaving = true;
    const leave = { ...deferred<LeaveResult>(), timer: undefined as Timer | undefined };
    this.#leaves.set(name, leave);
    void link
      .send({ type: 'LeaveRoom', room: name }, { kind: 'join', room: name }, options)
      .then((outcome) => {
        if (this.#leaves.get(name) !== leave) return;
        if (outcome.state !== 'sent') this.#left(name, 'unknown');
        else leave.timer = this.#context.clock.setTimeout(() => this.#left(name, 'unknown'), this.#timeoutMs);
      });
    return leave.promise;
  }

  /** The room was dissolved by us; the server may have left us inside. */
  dissolved(name: string): void {
    const { table, link } = this.#context;
    const state = table.get(name);
    if (!state) return;
    state.wanted = false;
    if (state.joined) {
      void link.send({ type: 'LeaveRoom', room: name }, { kind: 'join', room: name });
      this.#presence.exit(state, 'dissolved');
    }
    state.dissolving = false;
    state.forgetMembership();
    table.release(state, link.username);
  }

  judge(room: string): 'take' | 'ignore' | 'leave' {
    const state = this.#context.table.get(room);
    if (state?.leaving) return 'ignore';
    return state?.wanted ? 'take' : 'leave';
  }

  entered(state: RoomState): void {
    const join = this.#joins.get(state.name);
    if (join) this.#finish(join, this.#success(state, join.private, join.notice?.text));
  }

  left(room: string): void {
    this.#left(room, 'left');
  }

  #send(state: RoomState, options: JoinOptions): Promise<JoinResult> {
    const { name } = state;
    const { link, clock } = this.#context;
    const abort = new AbortController();
    const join: PendingJoin = {
      ...deferred<JoinResult>(),
      name,
      private: state.wantPrivate,
      first: !state.entered,
      abort,
      sent: false,
      cannot: false,
      notice: undefined,
      timer: undefined,
    };
    this.#joins.set(name, join);
    const request = { type: 'JoinRoom', room: name, ...(join.private && { private: true }) } as const;
    const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
    void link.send(request, { kind: 'join', room: name }, sendOptions(options, signal)).then((outcome) => {
      if (this.#joins.get(name) !== join) return;
      if (outcome.state !== 'sent') {
        const code = outcome.state === 'dropped' ? outcome.code : 'expired';
        if (code === 'offline') this.#finish(join, { state: 'refused', code, reason: outcome.reason });
        else this.#refuse(join, code === 'cancelled' ? code : 'dropped', outcome.reason);
        return;
      }
      join.sent = true;
      if (join.timer) return;
      join.timer = clock.setTimeout(() => {
        const reason = `the server did not answer within ${this.#timeoutMs / 1000} s`;
        this.#refuse(join, 'unknown', reason);
      }, this.#timeoutMs);
    });
    return join.promise;
  }

  #success(state: RoomState, askedPrivate: boolean, notice?: string): JoinResult {
    const room = this.#presence.snapshot(state);
    if (!askedPrivate || state.private) return { state: 'joined', room };
    return {
      state: 'joined',
      room,
      note: notice ?? `${state.name} is a public room; a private one was asked for`,
    };
  }

  #cannot(room: string): void {
    const state = this.#context.table.get(room);
    // Nothing to leave after all, so the LeaveRoom that followed the join gets no answer.
    if (state?.leaving && !state.joined) this.#left(room, 'left');
    const join = this.#joins.get(room);
    if (!join) return;
    join.cannot = true;
    this.#settleRefusal(join);
  }

  #notice(notice: Notice): void {
    if (notice.kind === 'room-name-refused') {
      const join = notice.room === undefined ? undefined : this.#joins.get(notice.room);
      if (join) this.#refuse(join, 'bad-name', notice.reason);
      return;
    }
    if (
      notice.kind !== 'registered-private' &&
      notice.kind !== 'moderated' &&
      notice.kind !== 'registered-public'
    )
      return;
    const join = this.#joins.get(notice.room);
    if (!join) return;
    join.notice = notice;
    if (notice.kind !== 'registered-public') this.#settleRefusal(join);
  }

  /** Decides once both halves of a refusal are there, or one of them and no other came. */
  #settleRefusal(join: PendingJoin): void {
    const decide = () => {
      const kind = join.notice?.kind;
      const code = kind === 'moderated' ? 'moderated' : kind === 'registered-private' ? 'private' : 'refused';
      this.#refuse(join, code, join.notice?.text ?? 'the server did not let us in and did not say why');
    };
    if (join.cannot && join.notice) {
      decide();
      return;
    }
    join.timer?.cancel();
    join.timer = this.#context.clock.setTimeout(decide, GRACE_MS);
  }

  #refuse(join: PendingJoin, code: JoinRefusal, reason: string): void {
    const { table, emitter, clock, link } = this.#context;
    const state = table.get(join.name);
    // A room that we were in before may open again; one that never let us in is not tried for ever.
    if (state && join.first && code !== 'unknown') {
      state.wanted = false;
      table.release(state, link.username);
    }
    emitter.emit('room.refused', { room: join.name, reason, at: clock.now() });
    this.#finish(join, { state: 'refused', code, reason });
  }

  #finish(join: PendingJoin, result: JoinResult): void {
    if (this.#joins.get(join.name) === join) this.#joins.delete(join.name);
    join.timer?.cancel();
    join.resolve(result);
  }

  #left(room: string, result: LeaveResult): void {
    const { table, link } = this.#context;
    const leave = this.#leaves.get(room);
    this.#leaves.delete(room);
    leave?.timer?.cancel();
    const state = table.get(room);
    if (state) {
      state.leaving = false;
      if (!this.#joins.has(room)) table.release(state, link.username);
    }
    leave?.resolve(result);
  }

  #lost(): void {
    for (const join of [...this.#joins.values()]) {
      const reason = 'the connection was lost; the room will be joined after the next login';
      this.#finish(join, { state: 'refused', code: 'offline', reason });
    }
    for (const room of [...this.#leaves.keys()]) this.#left(room, 'left');
  }
}

function sendOptions({ priority, expiresAt, origin }: JoinOptions, signal: AbortSignal): SendOptions {
  return {
    signal,
    ...(priority && { priority }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(origin !== undefined && { origin }),
  };
}
