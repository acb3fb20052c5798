import { Emitter } from '../platform/emitter.ts';
import type { Log } from '../platform/log.ts';
import type { ClientEventName, ClientEvents } from './events.ts';
import { Governor } from './governor/governor.ts';
import { Interests } from './interests/interests.ts';
import { LineQueue } from './lines/line-queue.ts';
import { isLoopback } from './loopback.ts';
import { MemoryInbox, MemoryOutbox, MemoryState } from './memory-ports.ts';
import { Messages } from './messages/messages.ts';
import type { SoulseekClientOptions } from './network-options.ts';
import { PeerListener } from './peers/listener.ts';
import { RoomAdmin } from './rooms/admin.ts';
import { Rooms } from './rooms/rooms.ts';
import type { ServerLink, Undo } from './server-link.ts';
import { RestoreStep } from './session/restore-steps.ts';
import { Session } from './session/session.ts';
import type { SessionState } from './session/state.ts';
import { Users } from './users/users.ts';

export interface StopOptions {
  /** How long lines that wait may still leave, milliseconds. What is left stays in the outbox. @default 0 */
  readonly drainMs?: number;
}

/** `online()` has no point any more: the session is in a state that it does not leave by itself soon. */
export class NotOnlineError extends Error {
  override readonly name = 'NotOnlineError';
  readonly state: SessionState;

  constructor(state: SessionState) {
    super(describe(state));
    this.state = state;
  }
}

/**
 * A Soulseek client: logs in, stays logged in, and keeps to the pace that the server tolerates. Usable without
 * anything else of this project. One object is one run: after `stop` make a new one.
 *
 * @example
 * const client = new SoulseekClient({ platform, server, username, password, listen: { port: 2234 } });
 * client.on('room.message', ({ room, user, text }) => console.log(room, user, text));
 * await client.start();
 * await client.online();
 * await client.rooms.join('indie');
 */
export class SoulseekClient {
  readonly rooms: Rooms;
  readonly admin: RoomAdmin;
  readonly users: Users;
  readonly messages: Messages;
  readonly interests: Interests;
  /** Pacing of everything that goes to the server. */
  readonly governor: Governor;
  /** Outgoing room and private lines, and their receipts. */
  readonly lines: LineQueue;
  /** For requests that the parts above do not cover. They pass the governor like all others. */
  readonly link: ServerLink;
  readonly #emitter: Emitter<ClientEvents>;
  readonly #log: Log;
  readonly #options: Omit<SoulseekClientOptions, 'password'>;
  readonly #session: Session;
  readonly #listener: PeerListener;
  #shares: { readonly folders: number; readonly files: number };
  #stopping: Promise<void> | undefined;

  /** Throws a LimitError or a RangeError when an option may not have its value. */
  constructor(options: SoulseekClientOptions) {
    const { password, ...rest } = options;
    const { clock, random, transport, log } = options.platform;
    const { username, server } = options;
    const state = options.state ?? new MemoryState();
    this.#options = rest;
    this.#log = log;
    this.#shares = options.shares ?? { folders: 0, files: 0 };
    const emitter = new Emitter<ClientEvents>((error, event) => {
      log.error('A handler of an event failed', { event, error });
    });
    this.#emitter = emitter;
    this.governor = new Governor({
      clock,
      random,
      log,
      state,
      ...(options.limits && { limits: options.limits }),
      onDrop: (drop) => emitter.emit('traffic.dropped', { ...drop, at: clock.now() }),
    });
    const governor = this.governor;
    this.#listener = new PeerListener({ transport, log });
    this.#session = new Session({
      clock,
      random,
      log,
      transport,
      state,
      governor,
      emitter,
      server,
      username,
      password,
      waitPort: () => this.#listener.port,
    });
    const link = this.#session.link;
    this.link = link;
    this.lines = new LineQueue({
      clock,
      random,
      log,
      governor,
      emitter,
      outbox: options.outbox ?? new MemoryOutbox(),
      isJoined: (room) => this.rooms.isJoined(room),
      ...(options.maxLineBytes !== undefined && { maxBytes: options.maxLineBytes }),
    });
    const { lines } = this;
    this.#connectParts();
    this.users = new Users({ link, clock, log, emitter });
    const { users } = this;
    this.rooms = new Rooms({
      link,
      clock,
      log,
      emitter,
      users,
      lines,
      ...(options.charsets && { charsets: options.charsets }),
    });
    this.admin = new RoomAdmin({ link, clock, log, rooms: this.rooms });
    const inbox = options.inbox ?? new MemoryInbox();
    const onBan = (minutes: number, text: string) => this.#session.banned(minutes, text);
    this.messages = new Messages({ link, clock, log, emitter, inbox, lines, onBan });
    this.interests = new Interests({ link, clock, log });
    if (options.invitations) void this.rooms.invitations(true);
  }

  /**
   * Binds the port, takes up what an earlier run left, and begins to log in; whether that works shows in `state`.
   * Rejects with a ListenError when the port cannot be bound, and with the port's error when saved state cannot be read.
   */
  async start(): Promise<void> {
    const { listen, server } = this.#options;
    if (this.#shares.files === 0 && !isLoopback(server.host)) {
      this.#log.warn(
        'Nothing is shared: the rules of the public network are not met, and many users ban those who share nothing',
      );
    }
    if (listen) await this.#listener.open({ host: listen.host ?? '0.0.0.0', port: listen.port });
    try {
      await this.governor.load();
      await this.lines.recover();
      if (!this.#stopping) await this.#session.start();
    } catch (error) {
      await this.#listener.close();
      throw error;
    }
    // Whoever stopped us meanwhile found nothing to close yet.
    if (this.#stopping) await this.#listener.close();
  }

  /** Logs out for good. Calling it again returns the same promise. */
  stop(options: StopOptions = {}): Promise<void> {
    this.#stopping ??= this.#stop(options.drainMs ?? 0);
    return this.#stopping;
  }

  /** A person decided to try again: leaves `banned`, `replaced` and `refused`, or cuts a wait short. */
  retry(): void {
    this.#session.retry();
  }

  get state(): SessionState {
    return this.#session.state;
  }

  get username(): string {
    return this.link.username;
  }

  /** The port where peers reach us; 0 when there is none. */
  get listenPort(): number {
    return this.#listener.port;
  }

  /** Connections that peers have opened so far. */
  get peersAccepted(): number {
    return this.#listener.accepted;
  }

  /** Calls `handler` for each event of that name until the result is called. */
  on<E extends ClientEventName>(event: E, handler: (value: ClientEvents[E]) => void): Undo {
    return this.#emitter.on(event, handler);
  }

  /**
   * Resolves when logged in, at once if we are. Rejects with a {@link NotOnlineError} when the session is or gets
   * banned, replaced, refused or stopped; waits through ordinary retries.
   */
  online(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (state: SessionState): boolean => {
        if (state.name === 'online') resolve();
        else if (this.#stopping || LATCHED.has(state.name)) reject(new NotOnlineError(state));
        else return false;
        return true;
      };
      if (settle(this.state)) return;
      const undo = this.on('state', ({ state }) => {
        if (settle(state)) undo();
      });
    });
  }

  /** Tells the server, now and after each login, how much we share. */
  setShares(shares: { readonly folders: number; readonly files: number }): void {
    this.#shares = shares;
    if (this.state.name === 'online') this.#sendShares();
  }

  async #stop(drainMs: number): Promise<void> {
    this.lines.close();
    if (drainMs > 0 && this.state.name === 'online') {
      const left = await this.lines.drain(drainMs);
      if (left > 0) this.#log.warn('Lines were left in the outbox', { left });
    }
    this.messages.close();
    await this.#session.stop();
    this.governor.stop();
    await this.#listener.close();
  }

  /** Registered before anybody else, so that what they learn is known when others react. */
  #connectParts(): void {
    const { clock } = this.#options.platform;
    const { link, lines, governor } = this;
    const emitter = this.#emitter;
    emitter.on('private.message', ({ user }) => governor.met(user));
    emitter.on('room.message', ({ room, text, own }) => {
      if (own) lines.echoed(room, text);
    });
    for (const event of ['room.entered', 'room.exited'] as const)
      emitter.on(event, () => lines.roomsChanged());
    link.onLost(() => lines.lost());
    link.on('WishlistInterval', ({ interval }) => {
      governor.setWishlistInterval(interval);
      emitter.emit('wishlist.interval', { seconds: interval, at: clock.now() });
    });
    link.on('ExcludedSearchPhrases', ({ phrases }) => {
      emitter.emit('excluded.phrases', { phrases, at: clock.now() });
    });
    link.on('AdminMessage', ({ message }) =>
      emitter.emit('announcement', { text: message, at: clock.now() }),
    );
    const tell = (request: Parameters<ServerLink['send']>[0]) =>
      void link.send(request, { kind: 'housekeeping' });
    // Until there is a peer network we want no parent: we could do nothing for it.
    link.onRestore(RestoreStep.tree, () => tell({ type: 'HaveNoParent', noParent: false }));
    link.onRestore(RestoreStep.shares, () => this.#sendShares());
    link.onRestore(RestoreStep.watchSelf, () => tell({ type: 'WatchUser', username: link.username }));
  }

  #sendShares(): void {
    const { folders, files } = this.#shares;
    void this.link.send({ type: 'SharedFoldersFiles', dirs: folders, files }, { kind: 'housekeeping' });
  }
}

const LATCHED: ReadonlySet<SessionState['name']> = new Set(['banned', 'replaced', 'refused']);

function describe(state: SessionState): string {
  switch (state.name) {
    case 'banned':
      return `the server has banned us until ${new Date(state.until).toISOString()}: ${state.text}`;
    case 'replaced':
      return 'somebody else logged in with this account';
    case 'refused':
      return `the server refused the login: ${state.reason}${state.detail === undefined ? '' : ` (${state.detail})`}`;
    case 'offline':
      return `not connected${state.reason === undefined ? '' : `: ${state.reason}`}`;
    default:
      return `the session is ${state.name}`;
  }
}
