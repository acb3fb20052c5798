import { statsOf } from './accounts.ts';
import type { Context } from './context.ts';
import type { StoredMessage } from './mailbox.ts';
import type { Room } from './room.ts';
import type { PresenceStatus, Session } from './session.ts';

export interface AccountView {
  readonly username: string;
  readonly password: string;
  readonly online: boolean;
  readonly privilegedSeconds: number;
  readonly banned: boolean;
  readonly avgSpeed: number;
  readonly uploadNum: number;
  readonly files: number;
  readonly dirs: number;
}

export interface SessionView {
  readonly username: string;
  readonly host: string;
  readonly status: PresenceStatus;
  readonly port: number;
  readonly obfuscatedPort: number;
  readonly invitations: boolean;
  readonly feed: boolean;
  readonly watching: readonly string[];
  readonly rooms: readonly string[];
  readonly likes: readonly string[];
  readonly hates: readonly string[];
  readonly tree: {
    readonly noParent: boolean;
    readonly level: number;
    readonly root: string;
    readonly acceptsChildren: boolean;
    readonly isRoot: boolean;
  };
}

export interface RoomView {
  readonly name: string;
  readonly private: boolean;
  readonly owner?: string;
  /** Without the owner, with the operators. */
  readonly members: readonly string[];
  readonly operators: readonly string[];
  /** Who is inside. */
  readonly users: readonly string[];
  readonly tickers: readonly { readonly user: string; readonly ticker: string }[];
}

/** A private message. Times are milliseconds since the epoch. */
export interface MessageView {
  readonly id: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly sentAt: number;
  readonly deliveredAt: readonly number[];
  /** Absent while the receiver has not acknowledged it. */
  readonly ackedAt?: number;
}

/** The state of the server as plain data, for tests to look at. Everything is a copy. */
export class WorldView {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  get accounts(): readonly AccountView[] {
    const { accounts, bans, clock, sessions } = this.#context;
    return [...accounts.all()].map((account) => ({
      username: account.username,
      password: account.password,
      online: sessions.get(account.username) !== undefined,
      privilegedSeconds: accounts.privilegedSeconds(account.username, clock.now()),
      banned: bans.accountBanned(account.username, clock.now()),
      ...columns(account),
    }));
  }

  account(username: string): AccountView | undefined {
    return this.accounts.find((account) => account.username === username);
  }

  /** Logged-in sessions, in order of login. */
  get sessions(): readonly SessionView[] {
    return [...this.#context.sessions.online()].map(sessionView);
  }

  session(username: string): SessionView | undefined {
    const session = this.#context.sessions.get(username);
    return session && sessionView(session);
  }

  get rooms(): readonly RoomView[] {
    return [...this.#context.rooms.all()].map(roomView);
  }

  room(name: string): RoomView | undefined {
    const room = this.#context.rooms.get(name);
    return room && roomView(room);
  }

  /** Every private message between users that waits, and the latest ten thousand of the others. */
  get messages(): readonly MessageView[] {
    return this.#context.mailbox.history().map(messageView);
  }

  /** What a user has not acknowledged, the oldest first. */
  unacknowledged(username: string): readonly MessageView[] {
    return this.#context.mailbox.waitingFor(username).map(messageView);
  }

  /** Accounts and addresses under a ban now. */
  get bans(): { readonly accounts: readonly string[]; readonly addresses: readonly string[] } {
    return this.#context.bans.all(this.#context.clock.now());
  }
}

function columns(account: Parameters<typeof statsOf>[0]) {
  const { avgSpeed, uploadNum, files, dirs } = statsOf(account);
  return { avgSpeed, uploadNum, files, dirs };
}

function sessionView(session: Session): SessionView {
  const { noParent, level, root, acceptsChildren, isRoot } = session.tree;
  return {
    username: session.name,
    host: session.remote.host,
    status: session.status,
    port: session.port,
    obfuscatedPort: session.obfuscatedPort,
    invitations: session.invitations,
    feed: session.feed,
    watching: [...session.watching],
    rooms: [...session.rooms].map((room) => room.name),
    likes: [...session.likes],
    hates: [...session.hates],
    tree: { noParent, level, root, acceptsChildren, isRoot },
  };
}

function roomView(room: Room): RoomView {
  return {
    name: room.name,
    private: room.private,
    ...(room.owner === undefined ? {} : { owner: room.owner }),
    members: [...room.members],
    operators: [...room.operators],
    users: [...room.users.keys()],
    tickers: [...room.tickers].map(([user, { text }]) => ({ user, ticker: text })),
  };
}

function messageView(message: StoredMessage): MessageView {
  const { id, from, to, text, sentAt, deliveredAt, ackedAt } = message;
  const view = { id, from, to, text: text.text, sentAt, deliveredAt: [...deliveredAt] };
  return ackedAt === undefined ? view : { ...view, ackedAt };
}
