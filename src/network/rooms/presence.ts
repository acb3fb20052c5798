import type { ServerResponseOf } from '../../protocol/index.ts';
import type { LeftReason } from '../events.ts';
import { NO_STATS, toStats, toStatus } from '../users/decode.ts';
import type { RoomUserFacts } from '../users/users.ts';
import type { RoomsContext } from './context.ts';
import type { MembershipBook } from './membership-book.ts';
import type { RoomSnapshot } from './room.ts';
import type { RoomState } from './room-state.ts';

/** Decides about a JoinRoom of a room that we are not in. */
export interface EntryPolicy {
  /** `take`: we asked. `ignore`: we are on our way out. `leave`: nobody asked. */
  judge(room: string): 'take' | 'ignore' | 'leave';
  /** We are inside now; the event went out. */
  entered(state: RoomState): void;
  /** The server answered LeaveRoom. */
  left(room: string): void;
}

/** Who is inside which room, we included, and what they say. */
export class RoomPresence {
  readonly #context: RoomsContext;
  #policy: EntryPolicy | undefined = undefined;
  readonly #book: MembershipBook;
  readonly #onExit: ((state: RoomState) => void)[] = [];

  constructor(context: RoomsContext, book: MembershipBook) {
    this.#context = context;
    this.#book = book;
    const { link } = context;
    link.on('JoinRoom', (message) => this.#joinRoom(message));
    link.on('LeaveRoom', ({ room }) => this.#leaveRoom(room));
    link.on('UserJoinedRoom', (message) => this.#userJoined(message));
    link.on('UserLeftRoom', ({ room, username }) => this.#userLeft(room, username));
    link.on('SayChatroom', (message) => this.#said(message));
    link.onLost(() => {
      for (const state of [...context.table.values()]) {
        state.leaving = false;
        state.dissolving = false;
        state.forgetMembership();
        if (state.joined) this.exit(state, 'disconnected');
        else context.table.release(state, link.username);
      }
    });
  }

  set policy(policy: EntryPolicy) {
    this.#policy = policy;
  }

  /** Calls `forget` whenever we left a room, before the event. */
  onExit(forget: (state: RoomState) => void): void {
    this.#onExit.push(forget);
  }

  /** We are no longer inside: forgets who is and tells so. Does nothing when we were not. */
  exit(state: RoomState, reason: LeftReason): void {
    if (!state.joined) return;
    const { users, emitter, clock, table, link } = this.#context;
    state.joined = false;
    for (const user of state.users) users.leftRoom(state.name, user);
    state.users.clear();
    state.tickers.clear();
    for (const forget of this.#onExit) forget(state);
    emitter.emit('room.exited', { room: state.name, reason, at: clock.now() });
    table.release(state, link.username);
  }

  snapshot(state: RoomState): RoomSnapshot {
    const { users, link } = this.#context;
    return {
      name: state.name,
      private: state.private,
      joined: state.joined,
      standing: state.standing(link.username),
      ...(state.owner !== undefined && { owner: state.owner }),
      operators: [...state.operators],
      members: [...state.members],
      users: [...state.users].map((user) => ({ user, ...users.inRoom(user) })),
      tickers: [...state.tickers].map(([user, ticker]) => ({ user, ticker })),
    };
  }

  #joinRoom(message: ServerResponseOf<'JoinRoom'>): void {
    const { table, link, emitter, clock, log } = this.#context;
    const known = table.get(message.room);
    if (known?.joined) {
      this.#fill(known, message, true);
      return;
    }
    const judgement = this.#policy?.judge(message.room) ?? 'leave';
    if (judgement === 'ignore') return;
    if (judgement === 'leave') {
      log.warn('Put into a room that nobody asked for; leaving it', { room: message.room });
      void link.send({ type: 'LeaveRoom', room: message.room }, { kind: 'join', room: message.room });
      return;
    }
    const state = table.ensure(message.room);
    const again = state.entered;
    state.joined = true;
    state.entered = true;
    this.#fill(state, message, false);
    emitter.emit('room.entered', { room: this.snapshot(state), again, at: clock.now() });
    this.#policy?.entered(state);
  }

  /** Takes over the list of users; `announce` for a second list, which may contradict what we knew. */
  #fill(state: RoomState, message: ServerResponseOf<'JoinRoom'>, announce: boolean): void {
    const { link } = this.#context;
    // `owner` marks a private room; a moderated one may come without it, but has members.
    state.private = message.owner !== undefined || state.membersKnown;
    if (message.owner !== undefined) {
      this.#book.setOwner(state, message.owner);
      this.#book.setOperators(state, message.operators ?? []);
    } else if (!state.private) {
      state.forgetMembership();
    }
    const listed = new Map<string, RoomUserFacts>();
    // The server sends parallel columns, which may be shorter than the list of names.
    message.usernames.forEach((user, i) => {
      const stats = message.stats[i];
      listed.set(user, {
        status: toStatus(message.statuses[i] ?? 2),
        stats: stats ? toStats(stats) : NO_STATS,
        slotsFull: (message.slotsFull[i] ?? 0) !== 0,
        country: message.countryCodes[i] ?? '',
      });
    });
    // That we come and go is told by `room.entered` and `room.exited`.
    const told = (user: string) => announce && user !== link.username;
    for (const user of [...state.users]) if (!listed.has(user)) this.#remove(state, user, told(user));
    for (const [user, facts] of listed) this.#add(state, user, facts, told(user));
  }

  #leaveRoom(room: string): void {
    const state = this.#context.table.get(room);
    if (state) {
      const reason = state.leaving ? 'left' : state.dissolving ? 'dissolved' : 'removed';
      state.leaving = false;
      this.exit(state, reason);
    }
    this.#policy?.left(room);
  }

  #userJoined(message: ServerResponseOf<'UserJoinedRoom'>): void {
    const state = this.#context.table.get(message.room);
    // Our own entry is announced before its JoinRoom; everything before that is in the JoinRoom anyway.
    if (!state?.joined) return;
    const facts: RoomUserFacts = {
      status: toStatus(message.status),
      stats: toStats(message),
      slotsFull: message.slotsFull !== 0,
      country: message.countryCode,
    };
    this.#add(state, message.username, facts, message.username !== this.#context.link.username);
  }

  #userLeft(room: string, user: string): void {
    const state = this.#context.table.get(room);
    if (!state?.joined || user === this.#context.link.username) return;
    this.#remove(state, user, true);
  }

  #add(state: RoomState, user: string, facts: RoomUserFacts, announce: boolean): void {
    const { users, emitter, clock } = this.#context;
    const isNew = !state.users.has(user);
    state.users.add(user);
    users.enteredRoom(state.name, user, facts);
    if (!isNew || !announce) return;
    const { status, stats, country } = facts;
    emitter.emit('room.join', { room: state.name, user, status, stats, country, at: clock.now() });
  }

  #remove(state: RoomState, user: string, announce: boolean): void {
    const { users, emitter, clock } = this.#context;
    if (!state.users.delete(user)) return;
    users.leftRoom(state.name, user);
    if (announce) emitter.emit('room.leave', { room: state.name, user, at: clock.now() });
  }

  #said(message: ServerResponseOf<'SayChatroom'>): void {
    const { table, text, emitter, link, clock } = this.#context;
    const { room, username: user } = message;
    if (!table.get(room)?.joined) return;
    emitter.emit('room.message', {
      room,
      user,
      text: text.read(room, 'message', message.message, message.latin1),
      own: user === link.username,
      at: clock.now(),
    });
  }
}
