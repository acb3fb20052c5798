import type { Clock, Timer } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { Address, Connection } from '../../platform/transport.ts';
import {
  type DistributedMessage,
  decodeDistributedMessage,
  decodeInitMessage,
  decodePeerMessage,
  FrameSplitter,
  type InitMessage,
  obfuscate,
  type PeerMessage,
} from '../../protocol/index.ts';
import type { PeerBehaviour } from './behaviour.ts';

/** `P` messages between peers, `D` search tree, `F` one file. */
export type WireType = 'P' | 'D' | 'F';

/** What comes over a wire once it is known whose it is. */
export type WireMessage = PeerMessage | DistributedMessage;

export interface WireEvents {
  /** @param frame the whole frame, length field included. */
  onMessage(message: WireMessage, frame: Uint8Array): void;
  onClosed(): void;
}

export interface WireSettings {
  readonly clock: Clock;
  readonly random: Random;
  readonly behaviour: Pick<PeerBehaviour, 'reads' | 'idleMs'>;
}

/** Without an init message a connection is closed after this long [Nicotine+]. */
const INIT_TIMEOUT_MS = 10_000;

/** One connection between two peers. */
export class PeerWire {
  readonly obfuscated: boolean;
  /** They opened it. */
  readonly incoming: boolean;
  readonly remote: Address;
  readonly #connection: Connection;
  readonly #settings: WireSettings;
  readonly #splitter: FrameSplitter;
  #user = '';
  #type: WireType | undefined;
  #events: WireEvents | undefined;
  readonly #onGone: (wire: PeerWire) => void;
  #onInit: ((init: InitMessage) => void) | undefined;
  #lastTraffic: number;
  #timer: Timer | undefined;
  #resume: Timer | undefined;
  #gone = false;
  #silent = false;

  /**
   * @param onGone called once, when the connection is over for any reason.
   * @param onInit called for the init message of a connection that came in; without a `name` after it the wire is closed.
   */
  constructor(
    connection: Connection,
    settings: WireSettings,
    obfuscated: boolean,
    onGone: (wire: PeerWire) => void,
    onInit?: (init: InitMessage) => void,
  ) {
    this.#connection = connection;
    this.#settings = settings;
    this.obfuscated = obfuscated;
    this.incoming = onInit !== undefined;
    this.remote = connection.remote;
    this.#onGone = onGone;
    this.#onInit = onInit;
    this.#splitter = new FrameSplitter('init', { obfuscated });
    this.#lastTraffic = settings.clock.monotonic();
    this.#watchIdle();
    connection.start({
      onData: (chunk) => {
        this.#lastTraffic = settings.clock.monotonic();
        if (this.#type === 'F' || this.#gone) return;
        this.#splitter.push(chunk);
        this.#read();
        this.#slowDown(chunk.length);
      },
      onClose: () => this.#end(),
    });
  }

  /** Whose connection it is; empty until {@link name}. */
  get user(): string {
    return this.#user;
  }

  get type(): WireType | undefined {
    return this.#type;
  }

  get closed(): boolean {
    return this.#gone;
  }

  /** Sends the init message of a connection that we opened. */
  introduce(frame: Uint8Array): void {
    this.#write(this.obfuscated ? this.#disguised(frame) : frame);
  }

  /** Who it is, and what for. Call once, and then `become` in the same turn. */
  name(user: string, type: WireType): void {
    this.#user = user;
    this.#type = type;
  }

  /** Who hears what comes from now on. */
  become(events: WireEvents): void {
    const type = this.#type;
    this.#events = events;
    // Of file connections nothing is read: nobody transfers files in here.
    if (type !== 'F')
      this.#splitter.switchTo(type === 'P' ? 'peer' : 'distributed', {
        obfuscated: this.obfuscated && type === 'P',
      });
    if (this.#settings.behaviour.reads === 0) this.#connection.pause();
  }

  /** Sends a frame. After the init message only `P` connections stay obfuscated [aioslsk]. */
  send(frame: Uint8Array): void {
    this.#write(this.obfuscated && this.#type === 'P' ? this.#disguised(frame) : frame);
  }

  /** From now on nothing is sent any more. */
  silence(): void {
    this.#silent = true;
  }

  /** Bytes that wait because the other side does not read. */
  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  /** Closes after what waits has left. */
  close(): void {
    if (this.#gone) return;
    this.#connection.end();
    // Whoever does not read would never see the other side's end.
    this.#connection.resume();
    this.#end();
  }

  /** Breaks it. */
  destroy(): void {
    if (this.#gone) return;
    this.#connection.destroy();
    this.#end();
  }

  #write(bytes: Uint8Array): void {
    if (this.#gone || this.#silent) return;
    this.#lastTraffic = this.#settings.clock.monotonic();
    this.#connection.write(bytes);
  }

  #disguised(frame: Uint8Array): Uint8Array {
    return obfuscate(frame, this.#settings.random.u32());
  }

  #read(): void {
    while (!this.#gone && this.#type !== 'F') {
      const frame = this.#splitter.next();
      if (frame === undefined) return;
      if (!frame.ok) {
        if (frame.reason === 'too-long') this.destroy();
        continue;
      }
      if (this.#type === undefined) this.#readInit(frame.body);
      else this.#readMessage(frame.body, frame.bytes);
    }
  }

  #readInit(body: Uint8Array): void {
    const decoded = decodeInitMessage(body);
    if (decoded.ok) this.#onInit?.(decoded.message);
    if (this.#type === undefined) this.destroy();
    this.#onInit = undefined;
  }

  #readMessage(body: Uint8Array, frame: Uint8Array): void {
    const decoded = this.#type === 'P' ? decodePeerMessage(body) : decodeDistributedMessage(body);
    if (decoded.ok) this.#events?.onMessage(decoded.message, frame);
  }

  /** Somebody on a thin line takes some bytes, then none for as long as they would have taken. */
  #slowDown(bytes: number): void {
    const { reads } = this.#settings.behaviour;
    if (reads === Infinity || reads === 0 || this.#type === undefined || this.#gone) return;
    this.#connection.pause();
    this.#resume?.cancel();
    this.#resume = this.#settings.clock.setTimeout(() => this.#connection.resume(), (bytes * 1000) / reads);
  }

  #watchIdle(): void {
    const { clock, behaviour } = this.#settings;
    const allowed = this.#type === undefined ? Math.min(INIT_TIMEOUT_MS, behaviour.idleMs) : behaviour.idleMs;
    if (allowed === Infinity) return;
    const left = this.#lastTraffic + allowed - clock.monotonic();
    if (left <= 0) this.close();
    else this.#timer = clock.setTimeout(() => this.#watchIdle(), left);
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#timer?.cancel();
    this.#resume?.cancel();
    this.#onGone(this);
    this.#events?.onClosed();
  }
}
