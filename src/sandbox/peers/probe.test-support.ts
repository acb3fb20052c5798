import type { Connection } from '../../platform/transport.ts';
import {
  type DistributedMessage,
  decodeDistributedMessage,
  decodeInitMessage,
  decodePeerMessage,
  encodeDistributedMessage,
  encodeInitMessage,
  encodePeerMessage,
  FrameSplitter,
  type InitMessage,
  obfuscate,
  type PeerMessage,
} from '../../protocol/index.ts';
import { SandboxPerson } from '../people/person.ts';
import { type VirtualSandbox, virtualSandbox } from '../sandbox.ts';
import type { SandboxServerOptions } from '../server/options.ts';
import { library } from './generate-library.ts';
import type { PeerOptions, SandboxPeer } from './sandbox-peer.ts';

/** A bare connection, as seen by somebody who trusts nothing. */
export class RawLink {
  readonly obfuscated: boolean;
  readonly chunks: Buffer[] = [];
  closed = false;
  readonly #connection: Connection;

  constructor(connection: Connection, obfuscated: boolean) {
    this.obfuscated = obfuscated;
    this.#connection = connection;
    connection.start({
      onData: (chunk) => this.chunks.push(Buffer.from(chunk)),
      onClose: () => {
        this.closed = true;
      },
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get bufferedBytes(): number {
    return this.#connection.bufferedBytes;
  }

  write(...frames: readonly Uint8Array[]): void {
    for (const frame of frames) this.#connection.write(frame);
  }

  destroy(): void {
    this.#connection.destroy();
  }

  pause(): void {
    this.#connection.pause();
  }

  /** What they said first, if they opened the connection, and all that followed. */
  read(
    kind: 'peer' | 'distributed',
    theirs = true,
  ): { init?: InitMessage; messages: unknown[]; left: number } {
    const splitter = new FrameSplitter(theirs ? 'init' : kind, {
      obfuscated: this.obfuscated && (theirs || kind === 'peer'),
    });
    splitter.push(this.bytes);
    const messages: unknown[] = [];
    let init: InitMessage | undefined;
    for (;;) {
      const frame = splitter.next();
      if (!frame) break;
      if (!frame.ok) {
        messages.push(frame.reason);
        break;
      }
      if (theirs && !init) {
        const decoded = decodeInitMessage(frame.body);
        if (!decoded.ok) throw decoded.error;
        init = decoded.message;
        splitter.switchTo(kind);
        continue;
      }
      const decoded = kind === 'peer' ? decodePeerMessage(frame.body) : decodeDistributedMessage(frame.body);
      messages.push(decoded.ok ? decoded.message : decoded.reason);
    }
    return { ...(init && { init }), messages, left: splitter.buffered };
  }
}

/** Somebody who logs in as `probe`, listens at 10.0.0.2, and otherwise does only what the test says. */
export class Probe {
  static readonly plainPort = 5000;
  static readonly obfuscatedPort = 5001;
  readonly person: SandboxPerson;
  /** Connections that others opened. */
  readonly links: RawLink[] = [];
  readonly #sandbox: VirtualSandbox;

  constructor(sandbox: VirtualSandbox) {
    this.#sandbox = sandbox;
    this.person = new SandboxPerson(sandbox.world.host('10.0.0.2'), 'probe', { server: sandbox.address });
  }

  async arrive(ports: { readonly plain?: number; readonly obfuscated?: number } = {}): Promise<void> {
    const { plain = Probe.plainPort, obfuscated = 0 } = ports;
    const { transport } = this.#sandbox.world.host('10.0.0.2');
    const listen = (port: number, hidden: boolean) =>
      transport.listen({ host: '0.0.0.0', port }, (connection) =>
        this.links.push(new RawLink(connection, hidden)),
      );
    if (plain !== 0) await listen(plain, false);
    if (obfuscated !== 0) await listen(obfuscated, true);
    await this.#sandbox.run(this.person.login());
    this.person.send({
      type: 'SetWaitPort',
      port: plain,
      ...(obfuscated !== 0 && { obfuscationType: 1, obfuscatedPort: obfuscated }),
    });
    await this.#sandbox.world.clock.advance(10);
  }

  /** A connection to a peer; rejects as the network does. */
  async dial(name: string, port: number, obfuscated = false): Promise<RawLink> {
    const { transport } = this.#sandbox.world.host('10.0.0.2');
    const host = this.#sandbox.hostOf(name)!;
    const connection = transport.connect({ host, port, timeoutMs: 5000 });
    return new RawLink(await this.#sandbox.run(connection), obfuscated);
  }

  /** A connection to a peer's own port, introduced as usual. */
  async visit(name: string, connectionType: 'P' | 'D' | 'F', username = 'probe'): Promise<RawLink> {
    const view = this.#sandbox.server.world.session(name)!;
    const obfuscated = view.port === 0;
    const link = await this.dial(name, obfuscated ? view.obfuscatedPort : view.port, obfuscated);
    const init = encodeInitMessage({ type: 'PeerInit', username, connectionType, token: 0 });
    link.write(obfuscated ? obfuscate(init, 7) : init);
    return link;
  }
}

export const says = (message: PeerMessage): Uint8Array => encodePeerMessage(message);
export const treeSays = (message: DistributedMessage): Uint8Array => encodeDistributedMessage(message);

/** A sandbox with one peer, `peer`, who is online, and a probe that is too. */
export async function meet(
  options: Partial<PeerOptions> = {},
  ports: { readonly plain?: number; readonly obfuscated?: number } = {},
  server: Omit<SandboxServerOptions, 'host' | 'port'> = {},
): Promise<{ sandbox: VirtualSandbox; peer: SandboxPeer; probe: Probe }> {
  const sandbox = await virtualSandbox({ server });
  const shared = library(sandbox.world.random.fork('library'), { artists: 2 });
  const peer = sandbox.peer('peer', { library: shared, ...options });
  await sandbox.run(peer.login());
  const probe = new Probe(sandbox);
  await probe.arrive(ports);
  return { sandbox, peer, probe };
}

/** A search that the peer can answer. */
export function queryFor(peer: SandboxPeer): string {
  return peer.library.folders[0]!.path.split('\\')[1]!;
}
