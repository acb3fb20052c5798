import type { Connection } from '../../platform/transport.ts';
import {
  encodeInitMessage,
  type InitMessage,
  type ServerResponse,
  type ServerResponseOf,
} from '../../protocol/index.ts';
import { Attempt } from './attempt.ts';
import { wideToken } from './old-dialects.ts';
import type { PeerSelf } from './peer-self.ts';
import { spoil } from './spoil.ts';
import { PeerWire, type WireEvents, type WireType } from './wire.ts';

/** Where somebody listens. Port 0: not there. */
export interface PeerAddress {
  readonly ip: string;
  readonly port: number;
  readonly obfuscatedPort?: number | undefined;
}

export interface ContactHooks {
  /** A connection is ready. @returns who hears what it says; undefined when it is not wanted. */
  opened(wire: PeerWire, theirs: boolean): WireEvents | undefined;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** How long the server's way may take [Nicotine+]. */
const INDIRECT_TIMEOUT_MS = 20_000;

/** Gets connections to others, and takes theirs. */
export class Contacts {
  readonly #self: PeerSelf;
  readonly #hooks: ContactHooks;
  readonly #wires = new Set<PeerWire>();
  /** The latest connection by type and user. */
  readonly #latest = new Map<string, PeerWire>();
  readonly #attempts = new Map<number, Attempt>();
  readonly #askers = new Map<string, ((address: PeerAddress) => void)[]>();

  constructor(self: PeerSelf, hooks: ContactHooks) {
    this.#self = self;
    this.#hooks = hooks;
  }

  /** Every connection that is open, those without a name yet included. */
  get wires(): readonly PeerWire[] {
    return [...this.#wires];
  }

  /**
   * The connection of that type to that user, or a new one, in the way that the behaviour says. Rejects when none can be had.
   * @param address known already; saves the question.
   */
  connect(user: string, type: WireType, address?: PeerAddress): Promise<PeerWire> {
    const open = this.#latest.get(keyOf(user, type));
    if (open && type !== 'F') return Promise.resolve(open);
    for (const attempt of this.#attempts.values()) {
      if (attempt.user !== user || attempt.type !== type || type === 'F') continue;
      if (attempt.wire === undefined) return attempt.result;
      if (!this.#self.behaviour.waitsForPending || !attempt.indirect) continue;
      attempt.waitAgain();
      return attempt.result;
    }
    return this.#begin(user, type, address);
  }

  /** Somebody connected to one of our ports. */
  accept(connection: Connection, obfuscated: boolean): void {
    const wire = this.#wire(connection, obfuscated, (init) => this.#introduced(wire, init));
  }

  /** What the server says about connections. */
  hear(message: ServerResponse): void {
    if (message.type === 'ConnectToPeer') void this.#answer(message);
    else if (message.type === 'GetPeerAddress') {
      const askers = this.#askers.get(message.username) ?? [];
      this.#askers.delete(message.username);
      for (const asker of askers) asker(message);
    } else if (message.type === 'CantConnectToPeer') {
      const attempt = this.#attempts.get(message.token);
      if (attempt) this.#indirectOver(attempt, 'the server says that it cannot be reached');
    }
  }

  /** Breaks every connection and gives up every attempt. */
  close(): void {
    for (const attempt of [...this.#attempts.values()]) {
      attempt.direct = false;
      this.#indirectOver(attempt, 'gave up');
    }
    this.#askers.clear();
    for (const wire of this.wires) wire.destroy();
  }

  #begin(user: string, type: WireType, address: PeerAddress | undefined): Promise<PeerWire> {
    const { behaviour, clock, random } = this.#self;
    const attempt = new Attempt(user, type, random.u32(), behaviour.dials);
    this.#attempts.set(attempt.token, attempt);
    attempt.expiry = clock.setTimeout(() => {
      attempt.direct = false;
      this.#indirectOver(attempt, 'no answer');
    }, INDIRECT_TIMEOUT_MS);
    if (attempt.indirect)
      this.#self.send({ type: 'ConnectToPeer', token: attempt.token, username: user, connectionType: type });
    if (attempt.direct) {
      if (address) void this.#dialDirectly(attempt, address);
      else this.#ask(user, (answer) => void this.#dialDirectly(attempt, answer));
    }
    return attempt.result;
  }

  #ask(user: string, onAnswer: (address: PeerAddress) => void): void {
    const askers = this.#askers.get(user);
    if (askers) {
      askers.push(onAnswer);
      return;
    }
    this.#askers.set(user, [onAnswer]);
    this.#self.send({ type: 'GetPeerAddress', username: user });
  }

  async #dialDirectly(attempt: Attempt, address: PeerAddress): Promise<void> {
    const wire = await this.#dial(address);
    const { keepsBoth, spoils } = this.#self.behaviour;
    const wanted = attempt.direct && (attempt.wire === undefined || keepsBoth);
    attempt.direct = false;
    if (!wire || !wanted) {
      wire?.destroy();
      this.#settle(attempt, 'cannot be reached');
      return;
    }
    wire.introduce(this.#introduction(attempt.type));
    if (spoils.init === 'half') wire.silence();
    this.#open(wire, attempt.user, attempt.type, false);
    if (attempt.wire === undefined) attempt.won(wire);
    this.#settle(attempt, '');
  }

  #introduction(connectionType: WireType): Uint8Array {
    const { name, behaviour, random } = this.#self;
    const username = behaviour.claims ?? name;
    const plain = encodeInitMessage({ type: 'PeerInit', username, connectionType, token: 0 });
    const frame = behaviour.initToken === 'u64' ? wideToken(plain) : plain;
    return behaviour.spoils.init ? spoil(frame, behaviour.spoils.init, random) : frame;
  }

  /** Undefined when there is no such port, or nobody at it. */
  async #dial({ ip, port, obfuscatedPort = 0 }: PeerAddress): Promise<PeerWire | undefined> {
    const obfuscated = !isPort(port) && isPort(obfuscatedPort);
    if (!obfuscated && !isPort(port)) return undefined;
    try {
      const connection = await this.#self.transport.connect({
        host: ip,
        port: obfuscated ? obfuscatedPort : port,
        timeoutMs: CONNECT_TIMEOUT_MS,
      });
      return this.#wire(connection, obfuscated);
    } catch {
      return undefined;
    }
  }

  #wire(connection: Connection, obfuscated: boolean, onInit?: (init: InitMessage) => void): PeerWire {
    const wire = new PeerWire(connection, this.#self, obfuscated, (closed) => this.#gone(closed), onInit);
    this.#wires.add(wire);
    return wire;
  }

  /** An incoming connection said who it is. Unless it is wanted, it is left nameless, and closed for that. */
  #introduced(wire: PeerWire, init: InitMessage): void {
    if (init.type === 'PeerInit') {
      const { username, connectionType } = init;
      if (username !== '' && isWireType(connectionType)) this.#open(wire, username, connectionType, true);
      return;
    }
    const attempt = this.#attempts.get(init.token);
    if (!attempt?.indirect) return;
    attempt.indirect = false;
    if (attempt.wire === undefined || attempt.wire.closed || this.#self.behaviour.keepsBoth) {
      this.#open(wire, attempt.user, attempt.type, false);
      if (attempt.wire === undefined) attempt.won(wire);
    }
    this.#settle(attempt, '');
  }

  /** Somebody asks, through the server, that we connect to it. */
  async #answer(request: ServerResponseOf<'ConnectToPeer'>): Promise<void> {
    const { username, token, connectionType } = request;
    const { pierces } = this.#self.behaviour;
    // As Nicotine+ and Soulseek.NET do: what is there already is enough.
    if (
      pierces === 'ignores' ||
      !isWireType(connectionType) ||
      this.#latest.has(keyOf(username, connectionType))
    )
      return;
    const wire = pierces === 'refuses' ? undefined : await this.#dial(request);
    if (!wire) {
      this.#self.send({ type: 'CantConnectToPeer', token, username });
      return;
    }
    wire.introduce(encodeInitMessage({ type: 'PierceFireWall', token }));
    this.#open(wire, username, connectionType, true);
  }

  /** @param theirs they wanted the connection. */
  #open(wire: PeerWire, user: string, type: WireType, theirs: boolean): void {
    const key = keyOf(user, type);
    const old = this.#latest.get(key);
    wire.name(user, type);
    const events = this.#hooks.opened(wire, theirs);
    if (!events) {
      wire.close();
      return;
    }
    if (type !== 'F') this.#latest.set(key, wire);
    wire.become(events);
    // A newer connection takes the place of an older one.
    if (old && !this.#self.behaviour.keepsBoth) old.close();
  }

  #indirectOver(attempt: Attempt, why: string): void {
    attempt.indirect = false;
    this.#settle(attempt, why);
  }

  #settle(attempt: Attempt, why: string): void {
    if (attempt.lost) attempt.fail(why);
    if (attempt.direct || attempt.indirect) return;
    attempt.expiry?.cancel();
    this.#attempts.delete(attempt.token);
  }

  #gone(wire: PeerWire): void {
    this.#wires.delete(wire);
    const { user, type } = wire;
    if (type && this.#latest.get(keyOf(user, type)) === wire) this.#latest.delete(keyOf(user, type));
  }
}

const keyOf = (user: string, type: WireType): string => `${type} ${user}`;
const isPort = (port: number): boolean => port > 0 && port <= 65_535;
const isWireType = (type: string): type is WireType => type === 'P' || type === 'D' || type === 'F';
