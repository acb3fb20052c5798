import { Emitter } from '../platform/emitter.ts';
import type { Log } from '../platform/log.ts';
import type { SearchTree } from './distributed/search-tree.ts';
import type { ClientEventName, ClientEvents } from './events.ts';
import { Governor } from './governor/governor.ts';
import { Interests } from './interests/interests.ts';
import { LineQueue } from './lines/line-queue.ts';
import { isLoopback } from './loopback.ts';
import { MemoryInbox, MemoryOutbox, MemoryState } from './memory-ports.ts';
import { Messages } from './messages/messages.ts';
import type { SoulseekClientOptions } from './network-options.ts';
import { NotOnlineError } from './not-online-error.ts';
import { PeerSide } from './peer-side.ts';
import type { PeerMessaging, PeerRequestOptions } from './peers/peer-messaging.ts';
import type { Peers } from './peers/peers.ts';
import { RoomAdmin } from './rooms/admin.ts';
import { Rooms } from './rooms/rooms.ts';
import type { SearchAnswering } from './search/answering.ts';
import type { SearchRequests } from './search/requests/search-requests.ts';
import type { Search } from './search/search-run.ts';
import type { Searches, SearchOptions } from './search/searches.ts';
import type { ServerLink, Undo } from './server-link.ts';
import { RestoreStep } from './session/restore-steps.ts';
import { Session } from './session/session.ts';
import type { SessionState } from './session/state.ts';
import { Users } from './users/users.ts';

export interface StopOptions {
  /** How long lines that wait may still leave, milliseconds. What is left stays in the outbox. @default 0 */
  readonly drainMs?: number;
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
  /** Connections with other users, and the ports where they reach us. */
  readonly peers: Peers;
  /** Messages to and from other users. */
  readonly peerMessages: PeerMessaging;
  /** Our place in the distributed search network. */
  readonly tree: SearchTree;
  /** What we search for. */
  readonly searches: Searches;
  /** What others search for. */
  readonly searchRequests: SearchRequests;
  /** Our answers to what others search for. */
  readonly answering: SearchAnswering;
  readonly #emitter: Emitter<ClientEvents>;
  readonly #log: Log;
  readonly #options: Omit<SoulseekClientOptions, 'password'>;
  readonly #session: Session;
  readonly #peerSide: PeerSide;
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
      waitPorts: () => this.peers.ports,
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
    const isJoined = (room: string) => this.rooms.isJoined(room);
    this.#peerSide = new PeerSide({ ...rest, link, users, state, emitter, isJoined });
    const { peers, messages, tree, searches, requests, answering } = this.#peerSide;
    this.peers = peers;
    this.peerMessages = messages;
    this.tree = tree;
    this.searches = searches;
    this.searchRequests = requests;
    this.answering = answering;
    if (options.invitations) void this.rooms.invitations(true);
  }

  /**
   * Binds the ports, takes up what an earlier run left, and begins to log in; whether that works shows in `state`.
   * Rejects with a ListenError when a port cannot be bound, and with the port's error when saved state cannot be read.
   */
  async start(): Promise<void> {
    const { server } = this.#options;
    if (this.#shares.files === 0 && !isLoopback(server.host)) {
      this.#log.warn(
        'Nothing is shared: the rules of the public network are not met, and many users ban those who share nothing',
      );
    }
    try {
      await this.#peerSide.open();
      await this.governor.load();
      await this.lines.recover();
      if (!this.#stopping) await this.#session.start();
    } catch (error) {
      await this.#peerSide.close();
      throw error;
    }
    // Whoever stopped us meanwhile found nothing to close yet.
    if (this.#stopping) await this.#peerSide.close();
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

  /**
   * Asks the network, a room or a user; hits come as they arrive. See {@link Searches.search}.
   *
   * @example for await (const hit of client.search({ query: 'some album -live', limit: 50 })) console.log(hit.path);
   */
  search(options: SearchOptions): Search {
    return this.searches.search(options);
  }

  /** A user's list of shares. Rejects with a PeerError. */
  browse(user: string, options?: PeerRequestOptions): ReturnType<PeerMessaging['browse']> {
    return this.peerMessages.browse(user, options);
  }

  /** What a user says of itself. Rejects with a PeerError. */
  userInfo(user: string, options?: PeerRequestOptions): ReturnType<PeerMessaging['userInfo']> {
    return this.peerMessages.userInfo(user, options);
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
    await this.#peerSide.close();
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
    link.onRestore(RestoreStep.shares, () => this.#sendShares());
    link.onRestore(RestoreStep.watchSelf, () => tell({ type: 'WatchUser', username: link.username }));
  }

  #sendShares(): void {
    const { folders, files } = this.#shares;
    void this.link.send({ type: 'SharedFoldersFiles', dirs: folders, files }, { kind: 'housekeeping' });
  }
}

const LATCHED: ReadonlySet<SessionState['name']> = new Set(['banned', 'replaced', 'refused']);
