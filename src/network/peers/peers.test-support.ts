import type { Connection } from '../../platform/transport.ts';
import {
  type VirtualPlatform,
  type VirtualPlatformOptions,
  virtualPlatform,
} from '../../platform/virtual/virtual-platform.ts';
import {
  decodeInitMessage,
  decodePeerMessage,
  encodeInitMessage,
  encodePeerMessage,
  FrameSplitter,
  type InitMessage,
  obfuscate,
  type PeerMessage,
  type ServerRequest,
  type ServerResponse,
  type ServerResponseOf,
} from '../../protocol/index.ts';
import type { SendOutcome } from '../governor/traffic.ts';
import type { ServerLink, Undo } from '../server-link.ts';
import type { SessionState } from '../session/state.ts';
import type { PeerAddress } from '../users/addresses.ts';
import { PeerMessages } from './peer-messages.ts';
import type { PeerAnswers } from './peer-messaging.ts';
import { Peers, type PeersOptions } from './peers.ts';
import type { PortOptions } from './ports.ts';

const ONLINE: SessionState = { name: 'online', since: 0, greeting: '', ip: '127.0.0.1', supporter: false };

/** What a user announced. */
export interface Whereabouts {
  ip: string;
  port: number;
  obfuscatedPort: number;
}

/** A server that knows addresses and relays requests to connect, with a delay that the test chooses. For tests only. */
export class Hub {
  readonly world: VirtualPlatform;
  readonly users = new Map<string, Whereabouts>();
  readonly links = new Map<string, HubLink>();
  /** Of each message, each way, milliseconds. */
  delay: () => number = () => 5;

  constructor(options: VirtualPlatformOptions = {}) {
    this.world = virtualPlatform(options);
  }

  later(run: () => void): void {
    this.world.clock.setTimeout(run, this.delay());
  }

  /** Says it to the user, if online. */
  say(user: string, message: ServerResponse): void {
    const link = this.links.get(user);
    if (link !== undefined) this.later(() => link.hear(message));
  }

  relay(from: string, token: number, to: string, type: string): void {
    const { ip, port, obfuscatedPort } = this.users.get(from)!;
    if (!this.users.has(to)) this.say(from, { type: 'CantConnectToPeer', token });
    this.say(to, {
      type: 'ConnectToPeer',
      username: from,
      connectionType: type,
      ip,
      port,
      token,
      privileged: false,
      obfuscationType: obfuscatedPort > 0 ? 1 : 0,
      obfuscatedPort,
    });
  }
}

/** The server as one client sees it. */
export class HubLink implements ServerLink {
  state: SessionState = ONLINE;
  readonly username: string;
  /** Everything sent since the last `take`. */
  readonly sent: ServerRequest[] = [];
  readonly #hub: Hub;
  readonly #handlers = new Map<string, ((message: never) => void)[]>();
  readonly #lost: ((why: string) => void)[] = [];

  constructor(hub: Hub, username: string) {
    this.#hub = hub;
    this.username = username;
    hub.links.set(username, this);
  }

  async send(request: ServerRequest): Promise<SendOutcome> {
    if (this.state.name !== 'online') return { state: 'dropped', code: 'offline', reason: 'not logged in' };
    this.sent.push(request);
    this.#hub.later(() => {
      if (request.type === 'ConnectToPeer') {
        this.#hub.relay(this.username, request.token, request.username, request.connectionType);
      } else if (request.type === 'CantConnectToPeer') {
        this.#hub.say(request.username, { type: 'CantConnectToPeer', token: request.token });
      }
    });
    return { state: 'sent', at: 0 };
  }

  on<T extends ServerResponse['type']>(type: T, handler: (message: ServerResponseOf<T>) => void): Undo {
    this.#handlers.set(type, [...(this.#handlers.get(type) ?? []), handler]);
    return () => {};
  }

  onRestore(): Undo {
    return () => {};
  }

  onLost(lost: (why: string) => void): Undo {
    this.#lost.push(lost);
    return () => {};
  }

  hear(message: ServerResponse): void {
    for (const handler of this.#handlers.get(message.type) ?? []) handler(message as never);
  }

  lose(): void {
    this.state = { name: 'offline' };
    for (const lost of this.#lost) lost('cut');
  }

  take(): ServerRequest[] {
    return this.sent.splice(0);
  }

  count(type: ServerRequest['type']): number {
    return this.sent.filter((request) => request.type === type).length;
  }
}

export interface Node {
  readonly name: string;
  readonly ip: string;
  readonly peers: Peers;
  readonly messages: PeerMessages;
  readonly link: HubLink;
  /** Questions for addresses. */
  readonly asked: string[];
}

export type NodeOptions = Partial<Pick<PeersOptions, 'limits' | 'preferObfuscated' | 'descriptors'>> & {
  readonly ports?: Partial<PortOptions>;
  readonly answers?: PeerAnswers;
};

/** A client of ours with its ports open, known to the hub. */
export async function node(hub: Hub, name: string, ip: string, options: NodeOptions = {}): Promise<Node> {
  const { clock, random, transport, log } = hub.world.host(ip);
  const link = new HubLink(hub, name);
  const asked: string[] = [];
  const users = {
    address: (user: string): Promise<PeerAddress> => {
      asked.push(user);
      return new Promise((resolve) => {
        hub.later(() => {
          const at = hub.users.get(user);
          if (link.state.name !== 'online') resolve({ state: 'unknown', reason: 'lost' });
          else if (at === undefined) resolve({ state: 'offline' });
          else {
            const { obfuscatedPort } = at;
            const obfuscated = obfuscatedPort > 0 ? { obfuscated: { type: 1, port: obfuscatedPort } } : {};
            resolve({ state: 'known', ip: at.ip, port: at.port, ...obfuscated });
          }
        });
      });
    },
  };
  const { ports, answers, ...rest } = options;
  const peers = new Peers({ link, users, clock, random, transport, log, ...rest });
  const messages = new PeerMessages({ network: peers, clock, random, log, ...(answers && { answers }) });
  await peers.open({ host: '0.0.0.0', port: 2234, ...ports });
  hub.users.set(name, { ip, port: peers.ports.plain, obfuscatedPort: peers.ports.obfuscated });
  return { name, ip, peers, messages, link, asked };
}

/** One connection as a test drives it by hand. */
export class RawPeer {
  readonly connection: Connection;
  readonly inits: InitMessage[] = [];
  readonly messages: PeerMessage[] = [];
  closed = false;
  onInit: (init: InitMessage) => void = () => {};
  readonly #splitter: FrameSplitter;
  readonly #obfuscated: boolean;

  /** @param opened whether we opened it: then no init message comes. */
  constructor(connection: Connection, options: { opened: boolean; obfuscated?: boolean }) {
    this.connection = connection;
    this.#obfuscated = options.obfuscated ?? false;
    this.#splitter = new FrameSplitter(options.opened ? 'peer' : 'init', { obfuscated: this.#obfuscated });
    connection.start({
      onData: (chunk) => this.#read(chunk),
      onClose: () => {
        this.closed = true;
      },
    });
  }

  init(username: string, connectionType = 'P'): void {
    this.raw(encodeInitMessage({ type: 'PeerInit', username, connectionType, token: 0 }));
  }

  pierce(token: number): void {
    this.raw(encodeInitMessage({ type: 'PierceFireWall', token }));
  }

  say(message: PeerMessage): void {
    this.raw(encodePeerMessage(message));
  }

  /** One frame, obfuscated if the connection is. */
  raw(frame: Uint8Array): void {
    this.connection.write(this.#obfuscated ? obfuscate(frame, 0x1234_5678) : frame);
  }

  #read(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
    for (let frame = this.#splitter.next(); frame?.ok === true; frame = this.#splitter.next()) {
      if (this.#splitter.kind === 'init') {
        const init = decodeInitMessage(frame.body);
        if (init.ok) {
          this.inits.push(init.message);
          this.onInit(init.message);
        }
        this.#splitter.switchTo('peer');
      } else {
        const decoded = decodePeerMessage(frame.body);
        if (decoded.ok) this.messages.push(decoded.message);
      }
    }
  }
}

/** Opens a connection to a node, from an address. */
export async function dialNode(
  hub: Hub,
  from: string,
  to: Node,
  options: { obfuscated?: boolean } = {},
): Promise<RawPeer> {
  const { plain, obfuscated } = to.peers.ports;
  const port = options.obfuscated === true ? obfuscated : plain;
  const connection = await hub.world.clock.run(
    hub.world.net.host(from).connect({ host: to.ip, port, timeoutMs: 1000 }),
  );
  return new RawPeer(connection, { opened: true, ...options });
}

/** A port where connections wait for the test. */
export async function listenRaw(
  hub: Hub,
  ip: string,
  port: number,
  options: { obfuscated?: boolean } = {},
): Promise<RawPeer[]> {
  const accepted: RawPeer[] = [];
  await hub.world.net.host(ip).listen({ host: '0.0.0.0', port }, (connection) => {
    accepted.push(new RawPeer(connection, { opened: false, ...options }));
  });
  return accepted;
}

/** A search response with one file. */
export function result(token: number, files = 1): PeerMessage {
  const file = (at: number) => ({
    code: 1,
    filename: `music\\file ${at}.mp3`,
    size: 1000n,
    extension: '',
    attributes: [{ type: 0, value: 320 }],
  });
  return {
    type: 'FileSearchResponse',
    username: 'whoever',
    token,
    results: Array.from({ length: files }, (_, at) => file(at)),
    slotFree: true,
    avgSpeed: 1,
    queueLength: 0,
    unknown: 0,
  };
}

/** What must hold when nothing is going on any more. */
export function isAtRest({ peers }: Node): boolean {
  const { accepted, outgoing, links, deadlines, heldBytes } = peers.snapshot();
  const counts = [
    accepted.open,
    accepted.waiting,
    outgoing.open,
    outgoing.halfOpen,
    outgoing.parked,
    outgoing.attempts,
    outgoing.tokens,
    ...Object.values(outgoing.queued),
    links.P,
    links.D,
    links.F,
    deadlines,
    heldBytes,
  ];
  return counts.every((count) => count === 0);
}
