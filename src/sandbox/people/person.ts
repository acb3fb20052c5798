import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import type { Transport } from '../../platform/transport.ts';
import {
  OBFUSCATION_ROTATED,
  type ServerRequest,
  type ServerResponse,
  type ServerResponseOf,
} from '../../protocol/index.ts';
import { type Heard, Listening } from './listening.ts';
import { PersonLink } from './person-link.ts';

/** The pieces of the platform that a person needs. A whole `Platform` fits. */
export interface PersonPlatform {
  readonly clock: Clock;
  readonly transport: Transport;
}

export interface PersonOptions {
  /** Where the server is. */
  readonly server: { readonly host: string; readonly port: number };
  /** @default 'sandbox' */
  readonly password?: string;
  /** Listening port to announce; nobody listens there. 0 announces nothing. @default 0 */
  readonly port?: number;
  /** Lets others add this person to private rooms. @default true */
  readonly invitations?: boolean;
  /** Acknowledges private messages as they arrive. @default true */
  readonly acknowledges?: boolean;
  /** @default 177 and 1 */
  readonly version?: { readonly major: number; readonly minor: number };
  /** Messages that are kept in {@link SandboxPerson.heard}, at least; up to twice as many are. @default 10_000 */
  readonly remembers?: number;
}

/** Milliseconds that the waiting methods wait unless told otherwise. */
const PATIENCE_MS = 10_000;

/** Somebody on the network who does what a script or a test says: a small client of the server, with a memory. */
export class SandboxPerson {
  readonly name: string;
  /** May be changed at any time. */
  acknowledges: boolean;
  readonly #clock: Clock;
  readonly #options: PersonOptions;
  readonly #link: PersonLink;
  readonly #listening: Listening<ServerResponse>;

  constructor(platform: PersonPlatform, name: string, options: PersonOptions) {
    this.name = name;
    this.acknowledges = options.acknowledges ?? true;
    this.#clock = platform.clock;
    this.#options = options;
    this.#listening = new Listening(platform.clock, name, options.remembers);
    this.#link = new PersonLink(platform.transport, options.server, {
      onMessage: (message) => this.#onMessage(message),
      onClosed: () => {
        this.#listening.closed();
        this.onServerGone();
      },
    });
  }

  /** Everything the server sent, the oldest first; only the latest (`remembers`). {@link forget} empties it. */
  get heard(): readonly Heard[] {
    return this.#listening.heard;
  }

  /** Connected, logged in or not. */
  get connected(): boolean {
    return this.#link.connected;
  }

  /**
   * Connects and logs in; resolves with the server's answer, a refusal included.
   * Rejects when there is no connection, no answer within `timeoutMs`, or an end instead of one.
   */
  async login(timeoutMs = PATIENCE_MS): Promise<ServerResponseOf<'Login'>> {
    await this.connect();
    const answered = this.next('Login', undefined, timeoutMs);
    this.#link.send(this.#loginRequests());
    const answer = await answered;
    if (answer.success && (this.#options.invitations ?? true)) this.allowInvitations();
    return answer;
  }

  /** Connects without a word. */
  async connect(): Promise<void> {
    await this.#link.connect();
    this.#listening.reopened();
  }

  /** Leaves in an orderly way. */
  logout(): void {
    this.#link.end();
  }

  /** Breaks the connection. */
  drop(): void {
    this.#link.destroy();
  }

  /** Is gone: every connection is broken. */
  async close(): Promise<void> {
    this.drop();
  }

  send(...requests: readonly ServerRequest[]): void {
    this.#link.send(requests);
  }

  /** Sends any bytes. */
  sendRaw(bytes: Uint8Array): void {
    this.#link.sendRaw(bytes);
  }

  /** Enters a room; resolves once inside, rejects when refused. */
  async join(
    room: string,
    options: { readonly private?: boolean } = {},
  ): Promise<ServerResponseOf<'JoinRoom'>> {
    const entered = this.nextOf(
      (m) => (m.type === 'JoinRoom' || m.type === 'CantCreateRoom') && m.room === room,
    );
    this.send({ type: 'JoinRoom', room, private: options.private ?? false });
    const answer = await entered;
    if (answer.type === 'JoinRoom') return answer;
    throw new Error(`${this.name} may not enter ${room}`);
  }

  leave(room: string): void {
    this.send({ type: 'LeaveRoom', room });
  }

  say(room: string, text: string): void {
    this.send({ type: 'SayChatroom', room, message: text });
  }

  pm(user: string, text: string): void {
    this.send({ type: 'MessageUser', username: user, message: text });
  }

  acknowledge(id: number): void {
    this.send({ type: 'MessageAcked', id });
  }

  setTicker(room: string, ticker: string): void {
    this.send({ type: 'SetRoomTicker', room, ticker });
  }

  watch(user: string): void {
    this.send({ type: 'WatchUser', username: user });
  }

  away(away = true): void {
    this.send({ type: 'SetStatus', status: away ? 1 : 2 });
  }

  allowInvitations(enable = true): void {
    this.send({ type: 'EnableRoomInvitations', enable });
  }

  addMember(room: string, user: string): void {
    this.send({ type: 'AddRoomMember', room, username: user });
  }

  removeMember(room: string, user: string): void {
    this.send({ type: 'RemoveRoomMember', room, username: user });
  }

  addOperator(room: string, user: string): void {
    this.send({ type: 'AddRoomOperator', room, username: user });
  }

  removeOperator(room: string, user: string): void {
    this.send({ type: 'RemoveRoomOperator', room, username: user });
  }

  /** Empties {@link heard}. */
  forget(): void {
    this.#listening.forget();
  }

  /** The messages of one kind among those heard. */
  all<T extends ServerResponse['type']>(type: T): ServerResponseOf<T>[] {
    return this.#listening.all(type);
  }

  /** Resolves with the first message that fits, heard already or within `timeoutMs`; rejects with what came instead. */
  until(predicate: (message: ServerResponse) => boolean, timeoutMs = PATIENCE_MS): Promise<ServerResponse> {
    return this.#listening.until(predicate, timeoutMs, true);
  }

  /** As {@link until}, for one kind of message. */
  async untilType<T extends ServerResponse['type']>(
    type: T,
    fits: (message: ServerResponseOf<T>) => boolean = () => true,
    timeoutMs = PATIENCE_MS,
  ): Promise<ServerResponseOf<T>> {
    return this.#typed(type, fits, timeoutMs, true);
  }

  /** As {@link until}, but deaf to what was heard before the call. */
  nextOf(predicate: (message: ServerResponse) => boolean, timeoutMs = PATIENCE_MS): Promise<ServerResponse> {
    return this.#listening.until(predicate, timeoutMs, false);
  }

  /** As {@link nextOf}, for one kind of message. */
  async next<T extends ServerResponse['type']>(
    type: T,
    fits: (message: ServerResponseOf<T>) => boolean = () => true,
    timeoutMs = PATIENCE_MS,
  ): Promise<ServerResponseOf<T>> {
    return this.#typed(type, fits, timeoutMs, false);
  }

  /** Waits for a line in a room. @param text the whole line, or a pattern. */
  untilLine(
    room: string,
    text: string | RegExp,
    timeoutMs = PATIENCE_MS,
  ): Promise<ServerResponseOf<'SayChatroom'>> {
    return this.untilType('SayChatroom', (m) => m.room === room && matches(m.message, text), timeoutMs);
  }

  /** Waits for a private message. @param text the whole text, or a pattern. */
  untilPm(
    from: string,
    text: string | RegExp,
    timeoutMs = PATIENCE_MS,
  ): Promise<ServerResponseOf<'MessageUser'>> {
    return this.untilType('MessageUser', (m) => m.username === from && matches(m.message, text), timeoutMs);
  }

  /** Waits for the end of the connection; resolves at once when there is none. */
  untilClosed(timeoutMs = PATIENCE_MS): Promise<void> {
    return this.#link.connected ? this.#listening.untilClosed(timeoutMs) : Promise.resolve();
  }

  /** The ports that are announced with the login; 0: none. */
  protected get announced(): { readonly plain: number; readonly obfuscated: number } {
    return { plain: this.#options.port ?? 0, obfuscated: 0 };
  }

  /** What it does by itself about a message, before those who wait for that are told. */
  protected onHeard(message: ServerResponse): void {
    if (message.type === 'MessageUser' && this.acknowledges) this.acknowledge(message.id);
  }

  /** Told when the connection to the server has ended. */
  protected onServerGone(): void {}

  async #typed<T extends ServerResponse['type']>(
    type: T,
    fits: (message: ServerResponseOf<T>) => boolean,
    timeoutMs: number,
    past: boolean,
  ): Promise<ServerResponseOf<T>> {
    const isIt = (message: ServerResponse) => message.type === type && fits(message as ServerResponseOf<T>);
    return (await this.#listening.until(isIt, timeoutMs, past, type)) as ServerResponseOf<T>;
  }

  #onMessage(message: ServerResponse): void {
    this.onHeard(message);
    this.#listening.add({ at: this.#clock.now(), message });
  }

  #loginRequests(): ServerRequest[] {
    const { password = 'sandbox', version = { major: 177, minor: 1 } } = this.#options;
    const { plain, obfuscated } = this.announced;
    const requests: ServerRequest[] = [
      {
        type: 'Login',
        username: this.name,
        password,
        majorVersion: version.major,
        hash: createHash('md5').update(`${this.name}${password}`, 'utf8').digest('hex'),
        minorVersion: version.minor,
      },
    ];
    if (plain !== 0 || obfuscated !== 0)
      requests.push({
        type: 'SetWaitPort',
        port: plain,
        ...(obfuscated !== 0 && { obfuscationType: OBFUSCATION_ROTATED, obfuscatedPort: obfuscated }),
      });
    return requests;
  }
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}
