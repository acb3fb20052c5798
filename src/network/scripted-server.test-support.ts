import type { Connection, Listener } from '../platform/transport.ts';
import type { VirtualPlatform } from '../platform/virtual/virtual-platform.ts';
import {
  decodeServerRequest,
  encodeServerResponse,
  FrameSplitter,
  type ServerRequest,
  type ServerResponse,
} from '../protocol/index.ts';

export const SERVER = { host: '10.0.0.1', port: 2242 } as const;

/** One connection of a client, seen from the server. */
export class ScriptedPeer {
  readonly requests: ServerRequest[] = [];
  /** Bytes of each write as it arrived; the in-memory network keeps writes apart. */
  readonly chunks: Uint8Array[] = [];
  readonly openedAt: number;
  closed = false;
  readonly #connection: Connection;
  readonly #splitter = new FrameSplitter('server');

  constructor(
    connection: Connection,
    openedAt: number,
    onRequest: (request: ServerRequest, peer: ScriptedPeer) => void,
  ) {
    this.#connection = connection;
    this.openedAt = openedAt;
    connection.start({
      onData: (chunk) => {
        this.chunks.push(chunk);
        this.#splitter.push(chunk);
        for (const frame of this.#splitter) {
          if (!frame.ok) throw frame.error;
          const decoded = decodeServerRequest(frame.body);
          if (!decoded.ok) throw decoded.error;
          this.requests.push(decoded.message);
          onRequest(decoded.message, this);
        }
      },
      onClose: () => {
        this.closed = true;
      },
    });
  }

  /** Requests but those of the login. */
  get types(): string[] {
    return this.requests.map(({ type }) => type);
  }

  say(...responses: ServerResponse[]): void {
    this.raw(Buffer.concat(responses.map((response) => encodeServerResponse(response))));
  }

  raw(bytes: Uint8Array): void {
    this.#connection.write(bytes);
  }

  close(): void {
    this.#connection.destroy();
  }

  /** Takes nothing any more. */
  freeze(): void {
    this.#connection.pause();
  }
}

export const ACCEPTED: ServerResponse = {
  type: 'Login',
  success: true,
  greeting: 'welcome',
  ip: '10.0.0.2',
  hash: 'x',
  isSupporter: false,
};

/** A server that does what the test says, byte by byte. For tests only. */
export class ScriptedServer {
  readonly peers: ScriptedPeer[] = [];
  /** What happens on each request; by default a login is accepted and nothing else answered. */
  onRequest: (request: ServerRequest, peer: ScriptedPeer) => void = (request, peer) => {
    if (request.type === 'Login') peer.say(ACCEPTED);
  };
  /** What happens on each connection before anything is read. */
  onConnect: (peer: ScriptedPeer) => void = () => {};
  readonly #world: VirtualPlatform;
  #listener: Listener | undefined;

  constructor(world: VirtualPlatform) {
    this.#world = world;
  }

  async open(): Promise<void> {
    const { transport, clock } = this.#world.host(SERVER.host);
    this.#listener = await transport.listen(SERVER, (connection) => {
      const peer = new ScriptedPeer(connection, clock.monotonic(), (request, from) =>
        this.onRequest(request, from),
      );
      this.peers.push(peer);
      this.onConnect(peer);
    });
  }

  async shut(): Promise<void> {
    await this.#listener?.close();
    for (const peer of this.peers) if (!peer.closed) peer.close();
  }

  get latest(): ScriptedPeer {
    return this.peers[this.peers.length - 1]!;
  }
}
