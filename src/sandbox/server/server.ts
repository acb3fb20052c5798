import { Emitter } from '../../platform/emitter.ts';
import type { Address, Listener } from '../../platform/transport.ts';
import type { ServerResponse } from '../../protocol/index.ts';
import { Accounts } from './accounts.ts';
import { Bans, isLoopback } from './bans.ts';
import type { Context } from './context.ts';
import { DIALECTS } from './dialect.ts';
import type { SandboxServerEvents } from './events.ts';
import { Faults } from './faults.ts';
import { FloodDetector } from './flood.ts';
import { Gate } from './gate.ts';
import { Journal, type Received } from './journal.ts';
import { Mailbox } from './mailbox.ts';
import { SERVER_NAME } from './names.ts';
import { resolveOptions, type SandboxServerOptions, type ServerPlatform } from './options.ts';
import { ParentOffers } from './parent-offers.ts';
import { setPrivilegedUntil } from './privileges.ts';
import { Rooms } from './room.ts';
import { SearchBatch } from './searches.ts';
import type { Session } from './session.ts';
import { broadcast, Sessions } from './sessions.ts';
import { texts } from './texts.ts';
import { offerToAll, resetDistributed } from './tree.ts';
import { WorldView } from './world-view.ts';

/**
 * A Soulseek server that behaves as the real one does, on whatever transport it is given. Accounts, rooms, room
 * walls, private messages and bans outlive sessions and restarts; the rest is per session, as on the network.
 */
export class SandboxServer {
  /** What the server knows, as plain data. */
  readonly world: WorldView;
  readonly #platform: ServerPlatform;
  readonly #context: Context;
  readonly #faults = new Faults();
  readonly #journal: Journal;
  readonly #gate: Gate;
  #listener: Listener | undefined;
  #bound: Address | undefined;

  constructor(platform: ServerPlatform, options: SandboxServerOptions = {}) {
    const resolved = resolveOptions(options);
    this.#platform = platform;
    this.#journal = new Journal(resolved.receivedLimit);
    const { clock, random, log } = platform;
    const sessions = new Sessions();
    const { floodLimits } = resolved;
    this.#context = {
      clock,
      random,
      options: resolved,
      rules: DIALECTS[options.dialect ?? 'official'],
      accounts: new Accounts(options.accounts ?? [], clock.now()),
      bans: new Bans(),
      sessions,
      rooms: new Rooms(options.rooms ?? []),
      mailbox: new Mailbox(random),
      flood: floodLimits && new FloodDetector(clock, floodLimits),
      searchBatch: new SearchBatch(clock, () => sessions.online()),
      parentOffers: new ParentOffers(clock, (waiting) => offerToAll(this.#context, waiting)),
      events: new Emitter((error, event) =>
        log.error('An observer of the sandbox server failed', { error, event }),
      ),
      excludedPhrases: options.excludedPhrases ?? [],
      notify: (user, text) => this.#notify(user, text),
      banForFlooding: (session, why) =>
        this.#ban(session, why, floodLimits?.banMinutes ?? 0, floodLimits?.banAddress),
    };
    this.world = new WorldView(this.#context);
    this.#gate = new Gate(this.#context, this.#faults, this.#journal, log);
  }

  /** Listens. Resolves with the address bound, rejects with a TransportError. */
  async start(): Promise<Address> {
    if (this.#listener) return this.#listener.address;
    const { host, port } = this.#context.options;
    // A restart must be found where the first start was.
    this.#listener = await this.#platform.transport.listen(
      { host, port: this.#bound?.port ?? port },
      (connection) => this.#gate.accept(connection),
    );
    this.#bound = this.#listener.address;
    return this.#bound;
  }

  /** The address bound, also after `stop`; throws when the server never ran. */
  get address(): Address {
    if (!this.#bound) throw new Error('The sandbox server was never started');
    return this.#bound;
  }

  /** Stops listening and ends every connection. What persists is still there at the next `start`. */
  async stop(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#context.searchBatch.stop();
    this.dropAll();
    await listener?.close();
  }

  /** Stop and start again on the same port. */
  async restart(): Promise<Address> {
    await this.stop();
    return this.start();
  }

  /** Calls `handler` for every event of that name; the result undoes it. */
  on<E extends keyof SandboxServerEvents>(
    event: E,
    handler: (value: SandboxServerEvents[E]) => void,
  ): () => void {
    return this.#context.events.on(event, handler);
  }

  /** What a user asked, Login included, the oldest first; across sessions, only the latest. */
  received(username: string): readonly Received[] {
    return this.#journal.of(username);
  }

  /** An announcement to everybody (AdminMessage). */
  announce(text: string): void {
    broadcast(this.#context.sessions.online(), { type: 'AdminMessage', message: text });
  }

  /** Replaces the excluded search phrases and tells everybody. */
  setExcludedPhrases(phrases: readonly string[]): void {
    this.#context.excludedPhrases = phrases;
    broadcast(this.#context.sessions.online(), { type: 'ExcludedSearchPhrases', phrases });
  }

  /** Gives an account privileges for so many seconds from now; 0 takes them away. */
  setPrivileges(username: string, seconds: number): void {
    setPrivilegedUntil(this.#context, username, this.#context.clock.now() + seconds * 1000);
  }

  /** Tells a user, or everybody, to forget its place in the search tree. */
  resetDistributed(username?: string): void {
    const online = [...this.#context.sessions.online()];
    for (const session of online)
      if (username === undefined || session.name === username) resetDistributed(session);
  }

  /** Makes a user a branch root, to which global searches are handed, or takes the role away. */
  setBranchRoot(username: string, isRoot: boolean): void {
    const session = this.#context.sessions.get(username);
    if (session) session.tree.isRoot = isRoot;
  }

  /** Sends any message to an online user, true or not. False when it is offline. */
  sendTo(username: string, response: ServerResponse): boolean {
    const session = this.#context.sessions.get(username);
    session?.send(response);
    return session !== undefined;
  }

  /** Sends any bytes to an online user. False when it is offline. */
  sendRaw(username: string, bytes: Uint8Array): boolean {
    const session = this.#context.sessions.get(username);
    session?.sendBytes(bytes);
    return session !== undefined;
  }

  /** A private message from `server`. Dropped when the user is offline. */
  notify(username: string, text: string): void {
    this.#notify(username, text);
  }

  /** Ends a user's session in an orderly way and without a word, as an admin does. */
  kick(username: string): void {
    this.#context.sessions.get(username)?.close('kicked');
  }

  /** Breaks a user's connection. */
  drop(username: string): void {
    this.#context.sessions.get(username)?.cut('dropped');
  }

  /** Breaks every connection. */
  dropAll(): void {
    const connections = this.#context.sessions.connections();
    // Nobody may see the others go.
    for (const session of connections) session.ignored = true;
    for (const session of connections) session.cut('dropped');
  }

  /** Bans an account, and the address of its session unless that is loopback, as the flood detector does: notice, then end. */
  ban(username: string, minutes: number): void {
    const session = this.#context.sessions.get(username);
    if (session) this.#ban(session, 'banned by an admin', minutes, true);
    else this.#context.bans.banAccount(username, this.#context.clock.now() + minutes * 60_000);
  }

  /** Ends the ban of an account, and of an address. */
  unban(username: string, host?: string): void {
    this.#context.bans.lift(username, host);
  }

  /** Stops listening and answering to a user, whose connections stay open; also in sessions to come. */
  mute(username: string, on = true): void {
    if (on) this.#faults.muted.add(username);
    else this.#faults.muted.delete(username);
    const session = this.#context.sessions.get(username);
    if (session) session.ignored = on;
  }

  /** Never answers a Login of this name (`*`: of any name) again. The connection ends with the login timeout. */
  deafLogin(username: string, on = true): void {
    if (on) this.#faults.deaf.add(username);
    else this.#faults.deaf.delete(username);
  }

  #notify(user: string, text: string): void {
    const { clock, mailbox, sessions } = this.#context;
    sessions.get(user)?.send({
      type: 'MessageUser',
      id: mailbox.newId(),
      timestamp: Math.floor(clock.now() / 1000),
      username: SERVER_NAME,
      message: text,
      isNew: true,
    });
  }

  #ban(session: Session, why: string, minutes: number, banAddress = false): void {
    const { bans, clock, events } = this.#context;
    const user = session.name;
    this.#notify(user, texts.banned(minutes));
    bans.banAccount(user, clock.now() + minutes * 60_000);
    if (banAddress) this.#banAddress(session.remote.host, minutes);
    session.close('banned');
    events.emit('ban', { user, why, minutes, at: clock.now() });
  }

  #banAddress(host: string, minutes: number): void {
    const { bans, clock } = this.#context;
    if (!isLoopback(host)) bans.banAddress(host, clock.now() + minutes * 60_000);
  }
}
