import { SoulseekClient } from '../../src/network/client.ts';
import type { Random } from '../../src/platform/random.ts';
import type { Connection } from '../../src/platform/transport.ts';
import {
  encodeDistributedMessage,
  encodeInitMessage,
  obfuscate,
  SEARCH_IDENTIFIER,
} from '../../src/protocol/index.ts';
import type { ConnectionKind } from '../../src/protocol/table.ts';
import { type SandboxPerson, type VirtualSandbox, virtualSandbox } from '../../src/sandbox/index.ts';
import { ErrorLog } from './error-log.ts';
import { channelsOf, mutatedMessage } from './frames.ts';
import { sampleMessage } from './sample.ts';

/** What was sent to a running client. Plain data, so that it can be kept. */
export interface ClientCase {
  readonly kind: ConnectionKind;
  /** Everything random in the world around the frames follows from it. */
  readonly seed: string;
  /** Frames as hex, in order. */
  readonly frames: readonly string[];
}

const BOT = '10.0.0.2';
const PORT = 2234;
const STRANGER = '10.2.0.1';
const PARENT = { username: 'dad', ip: '10.2.0.2', port: 3000 };
/** Who sends frames as a peer. Some are who they say they are: the server knows them, at the stranger's address. */
const NAMES = ['mallory', 'melissa', 'morris', 'friend', 'bot', 'nobody'];
const REAL = 3;
/** Frames on one connection: fewer where the client soon closes it, or most would not be read. */
const PER_CONNECTION: Readonly<Record<ConnectionKind, number>> = {
  server: 20,
  init: 1,
  peer: 10,
  distributed: 2,
  file: 10,
};
/** Connections at a time. */
const AT_ONCE = 40;

/** A client in a virtual network, with everything that can send it frames. */
export class ClientRig {
  readonly #sandbox: VirtualSandbox;
  readonly #client: SoulseekClient;
  readonly #log: ErrorLog;
  readonly #random: Random;
  readonly #kind: ConnectionKind;
  readonly #known: SandboxPerson[] = [];
  #parentLink: Connection | undefined;
  #opened = 0;
  #groups = 0;
  /** Token of a search that the client waits for answers to. */
  #token = 0;

  private constructor(sandbox: VirtualSandbox, client: SoulseekClient, log: ErrorLog, kind: ConnectionKind) {
    this.#sandbox = sandbox;
    this.#client = client;
    this.#log = log;
    this.#kind = kind;
    this.#random = sandbox.world.random.fork('strangers');
  }

  static async start(kind: ConnectionKind, seed: string): Promise<ClientRig> {
    const sandbox = await virtualSandbox({
      seed,
      server: {
        floodLimits: false,
        receivedLimit: 10,
        accounts: [{ username: 'bot', password: 'secret', avgSpeed: 1_000_000 }],
      },
    });
    const log = new ErrorLog();
    const client = new SoulseekClient({
      platform: { ...sandbox.world.host(BOT), log },
      server: sandbox.address,
      username: 'bot',
      password: 'secret',
      listen: { host: '0.0.0.0', port: PORT },
      // Keeps nothing: what others say to us is not what is measured here.
      inbox: { accept: async (entries) => entries.map(({ id }) => ({ verdict: 'new', key: String(id) })) },
    });
    const rig = new ClientRig(sandbox, client, log, kind);
    await sandbox.run(client.start());
    const friend = sandbox.peer('friend', { behaviour: { dials: 'direct' }, remembers: 10 });
    await sandbox.run(friend.login());
    await sandbox.world
      .host(PARENT.ip)
      .transport.listen({ host: '0.0.0.0', port: PARENT.port }, (connection) => {
        connection.start({ onData: () => {}, onClose: () => {} });
        rig.#parentLink = connection;
      });
    return rig;
  }

  /** Bytes go out, time passes. Rejects with what the client threw. */
  async feed(frames: readonly string[]): Promise<void> {
    await this.#online();
    const bytes = frames.map((frame) => Buffer.from(frame, 'hex'));
    if (this.#kind === 'server') await this.#feedSession(bytes);
    else {
      const size = PER_CONNECTION[this.#kind];
      const loads: Buffer[][] = [];
      for (let at = 0; at < bytes.length; at += size) loads.push(bytes.slice(at, at + size));
      for (let at = 0; at < loads.length; at += AT_ONCE) await this.#feedLinks(loads.slice(at, at + AT_ONCE));
    }
  }

  /** What is wrong with the client by now; undefined when nothing. */
  async problem(): Promise<string | undefined> {
    const { clock, net } = this.#sandbox.world;
    await clock.advance(120_000);
    if (this.#log.errors.length > 0) return `it logged ${this.#log.errors.join('; ')}`;
    // A new session: what the server said before counts no more.
    this.#sandbox.server.drop('bot');
    await clock.advance(30_000);
    await this.#online();
    await clock.advance(30_000);
    const friend = this.#sandbox.peer('friend');
    friend.cutPeers();
    friend.forgetWords();
    await this.#sandbox.run(friend.tell('bot', { type: 'UserInfoRequest' }), 60_000);
    await this.#sandbox.run(friend.untilWord('UserInfoResponse', undefined, 30_000), 60_000);
    friend.cutPeers();
    this.#parentLink?.destroy();
    await clock.advance(120_000);
    const { connections } = net.stats();
    // Those of client and friend with the server, and what the tree may need.
    if (connections > 10) return `${connections} connections are left`;
    if (clock.pending > 200) return `${clock.pending} timers are left`;
    return undefined;
  }

  /** What became of it all, for those who wonder whether the frames arrive. */
  get effects() {
    return {
      opened: this.#opened,
      abuse: this.#client.peers.snapshot().abuse,
      tree: this.#client.tree.snapshot().counts,
    };
  }

  async stop(): Promise<void> {
    await this.#sandbox.run(this.#client.stop(), 60_000);
    await this.#sandbox.stop();
  }

  /** Frames can end a session, or make the client believe that it is banned. */
  async #online(): Promise<void> {
    const { clock } = this.#sandbox.world;
    for (let tries = 0; this.#client.state.name !== 'online'; tries++) {
      if (tries === 20)
        throw new Error(`the client does not come back: ${JSON.stringify(this.#client.state)}`);
      this.#client.retry();
      await clock.advance(30_000);
    }
    for (const person of [this.#sandbox.peer('friend'), ...this.#known])
      if (!person.connected) await this.#sandbox.run(person.login());
  }

  async #feedSession(frames: readonly Buffer[]): Promise<void> {
    const size = PER_CONNECTION.server;
    for (let at = 0; at < frames.length; at += size) {
      if (!this.#sandbox.server.sendRaw('bot', Buffer.concat(frames.slice(at, at + size))))
        await this.#online();
      await this.#sandbox.world.clock.advance(10);
    }
  }

  async #feedLinks(loads: readonly (readonly Buffer[])[]): Promise<void> {
    const { clock } = this.#sandbox.world;
    const asParent = this.#groups++ % 2 === 0;
    if (this.#kind === 'distributed') await this.#makeTree(asParent);
    if (this.#kind === 'peer') await this.#askAround();
    const open: Connection[] = [];
    for (const load of loads) {
      if (this.#kind === 'distributed' && asParent) {
        // The client leaves a parent that talks nonsense, and needs another.
        if (this.#parentLink?.closed !== false) await this.#makeTree(true);
        if (this.#parentLink) this.#write(this.#parentLink, load);
        await clock.advance(5);
      } else
        this.#dial(load).then(
          (connection) => open.push(connection),
          () => {},
        );
    }
    await clock.advance(50);
    // Some stay until the client has had enough of them.
    for (const connection of open) if (this.#random.float() < 0.9) connection.destroy();
    if (this.#random.float() < 0.05) await clock.advance(70_000);
  }

  /** Questions to those who will send nonsense: what nobody asked for would hardly be read. */
  async #askAround(): Promise<void> {
    const { peerMessages } = this.#client;
    const impatient = { timeoutMs: 5000 };
    for (const name of NAMES.slice(0, REAL)) {
      const questions = [
        peerMessages.browse(name, impatient),
        peerMessages.userInfo(name, impatient),
        peerMessages.folderContents(name, '', impatient),
      ];
      // Nonsense is no answer, so most fail.
      for (const question of questions) question.catch(() => {});
    }
    if (this.#client.searches.size === 0) {
      const search = this.#client.search({ query: 'a thing', timeoutMs: 600_000 });
      void drain(search);
    }
    await this.#sandbox.world.clock.advance(10);
  }

  /** The client as a root with room for children, or with a parent. */
  async #makeTree(withParent: boolean): Promise<void> {
    const { server, world } = this.#sandbox;
    server.setBranchRoot('bot', true);
    this.#sandbox.peer('friend').send({ type: 'FileSearch', token: 1, query: 'a thing' });
    await world.clock.advance(50);
    if (!withParent) {
      this.#parentLink?.destroy();
      return;
    }
    if (this.#parentLink?.closed === false) return;
    server.sendTo('bot', { type: 'PossibleParents', parents: [PARENT] });
    await world.clock.advance(50);
    this.#parentLink?.write(
      Buffer.concat([
        encodeDistributedMessage({ type: 'DistribBranchLevel', level: 0 }),
        encodeDistributedMessage({
          type: 'DistribSearch',
          identifier: SEARCH_IDENTIFIER,
          username: 'x',
          token: 1,
          query: 'y',
        }),
      ]),
    );
    await world.clock.advance(50);
  }

  async #dial(load: readonly Buffer[]): Promise<Connection> {
    const ports = this.#client.peers.ports;
    const obfuscated = ports.obfuscated !== 0 && this.#random.float() < 0.2;
    const connection = await this.#sandbox.world.host(STRANGER).transport.connect({
      host: BOT,
      port: obfuscated ? ports.obfuscated : ports.plain,
      timeoutMs: 5000,
    });
    connection.start({ onData: () => {}, onClose: () => {} });
    this.#opened++;
    const disguise = (frame: Uint8Array) => (obfuscated ? obfuscate(frame, this.#random.u32()) : frame);
    if (this.#kind === 'init') connection.write(disguise(load[0]!));
    else {
      connection.write(disguise(this.#introduction()));
      this.#write(connection, this.#kind === 'peer' ? [...load, ...this.#results()].map(disguise) : load);
    }
    return connection;
  }

  /** Answers to the client's own search, with something wrong in them. */
  #results(): Buffer[] {
    const [channel] = channelsOf('peer');
    const { shape } = channel!.entryNamed('FileSearchResponse')!;
    return Array.from({ length: 2 }, () => {
      const message = {
        ...sampleMessage('FileSearchResponse', shape.parts, this.#random),
        token: this.#token,
      };
      return mutatedMessage(channel!, message, this.#random, true);
    });
  }

  #introduction(): Uint8Array {
    const connectionType = { peer: 'P', distributed: 'D', file: 'F' }[this.#kind as 'peer'];
    const username = NAMES[this.#opened % NAMES.length]!;
    return encodeInitMessage({ type: 'PeerInit', username, connectionType, token: 0 });
  }

  #write(connection: Connection, frames: readonly Uint8Array[]): void {
    connection.write(Buffer.concat(frames));
  }
}

async function drain(hits: AsyncIterable<unknown>): Promise<void> {
  try {
    const reader = hits[Symbol.asyncIterator]();
    while ((await reader.next()).done !== true);
  } catch {
    // A search that could not be made brings nothing.
  }
}

/** What a client does wrong with these frames; undefined when nothing. */
export async function judgeClient({ kind, seed, frames }: ClientCase): Promise<string | undefined> {
  const rig = await ClientRig.start(kind, seed);
  try {
    await rig.feed(frames);
    return await rig.problem();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    await rig.stop().catch(() => {});
  }
}
