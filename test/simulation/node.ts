import { SoulseekClient } from '../../src/network/client.ts';
import { MemoryState } from '../../src/network/memory-ports.ts';
import type { Address } from '../../src/platform/transport.ts';
import type { VirtualPlatform } from '../../src/platform/virtual/virtual-platform.ts';
import { MortalPlatform } from './mortal-platform.ts';

export interface NodeEvents {
  /** A search of somebody reached this node. */
  delivered(node: SimulatedNode, searcher: string, token: number): void;
  /** Its place in the tree, or its session, changed. */
  changed(node: SimulatedNode, what: string, why: string): void;
  /** It could not start. */
  failed(node: SimulatedNode, error: unknown): void;
}

/** One user: a real client on a host of its own, which can be stopped, killed and started again. */
export class SimulatedNode {
  readonly index: number;
  readonly name: string;
  readonly ip: string;
  /** Counts logins; 0 while offline. Two equal numbers mean: the same session. */
  login = 0;
  readonly #world: VirtualPlatform;
  readonly #server: Address;
  readonly #events: NodeEvents;
  /** As on a disk: outlives the process. */
  readonly #state = new MemoryState();
  #process: MortalPlatform | undefined;
  #client: SoulseekClient | undefined;
  /** Until the process that was told to stop has ended. */
  #stopping: Promise<void> | undefined;
  #logins = 0;

  constructor(index: number, world: VirtualPlatform, server: Address, events: NodeEvents) {
    this.index = index;
    this.name = `node${index}`;
    this.ip = `10.1.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    this.#world = world;
    this.#server = server;
    this.#events = events;
  }

  /** Its client while it runs. */
  get client(): SoulseekClient | undefined {
    return this.#client;
  }

  /** Ends of connections, to the server and to others. */
  get connections(): number {
    return this.#world.net.host(this.ip).connections.size;
  }

  /** After a stop: when that is done, because the ports are in use until then. */
  start(): void {
    if (this.#client !== undefined) return;
    if (this.#stopping !== undefined) {
      void this.#stopping.then(() => this.start());
      return;
    }
    const process = new MortalPlatform(this.#world.host(this.ip), this.#world.net.host(this.ip));
    const client = new SoulseekClient({
      platform: process.platform,
      server: this.#server,
      username: this.name,
      password: 'secret',
      listen: { port: 2234, obfuscatedPort: false },
      state: this.#state,
    });
    this.#process = process;
    this.#client = client;
    client.on('state', ({ state }) => {
      if (this.#client !== client) return;
      this.login = state.name === 'online' ? ++this.#logins : 0;
      this.#events.changed(this, state.name, '');
    });
    client.on('tree.changed', ({ change, why }) => {
      if (this.#client === client) this.#events.changed(this, change, why);
    });
    client.tree.onSearch((batch) => {
      for (const { user, token } of batch) this.#events.delivered(this, user, token);
    });
    client.start().catch((error: unknown) => {
      if (this.#client === client) this.#events.failed(this, error);
    });
  }

  /** Logs out in an orderly way. */
  stop(): void {
    const client = this.#client;
    if (client === undefined) return;
    this.#gone();
    this.#stopping = client.stop().then(() => {
      this.#stopping = undefined;
    });
  }

  /** Ends it as a power cut would. */
  kill(): void {
    this.#process?.kill();
    this.#gone();
  }

  #gone(): void {
    this.#client = undefined;
    this.#process = undefined;
    this.login = 0;
  }
}
