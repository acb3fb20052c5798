import { SoulseekClient } from '../../src/network/client.ts';
import type { SoulseekClientOptions } from '../../src/network/network-options.ts';
import type { SearchHit } from '../../src/network/search/hit.ts';
import type { SearchOptions } from '../../src/network/search/searches.ts';
import { Library } from '../../src/sandbox/peers/library.ts';
import type { PeerOptions, SandboxPeer } from '../../src/sandbox/peers/sandbox-peer.ts';
import {
  type VirtualSandbox,
  type VirtualSandboxOptions,
  virtualSandbox,
} from '../../src/sandbox/sandbox.ts';

export const ALBUM = new Library([
  {
    path: 'music\\Quiet Harbour\\Painting the Lantern (1994)',
    files: [
      {
        name: '01 - lantern song.mp3',
        size: 5_000_000,
        attributes: [
          { type: 0, value: 320 },
          { type: 1, value: 125 },
        ],
      },
      { name: '02 - harbour song.flac', size: 30_000_000 },
    ],
  },
]);

/** A sandbox with real clients in it. */
export interface World {
  readonly sandbox: VirtualSandbox;
  /** A client that is online. Each has a host of its own, `10.0.0.2` and up. */
  client(name: string, options?: Partial<SoulseekClientOptions>): Promise<SoulseekClient>;
  /** Somebody of the sandbox with {@link ALBUM}, online. */
  sharer(name: string, options?: Partial<PeerOptions>): Promise<SandboxPeer>;
  /** All hits of a search that is given half a minute. */
  hits(client: SoulseekClient, options: SearchOptions): Promise<SearchHit[]>;
  pass(ms: number): Promise<void>;
}

export async function makeWorld(options: VirtualSandboxOptions = {}): Promise<World> {
  const sandbox = await virtualSandbox(options);
  const { world } = sandbox;
  let hosts = 2;
  return {
    sandbox,
    async client(name, more = {}) {
      const client = new SoulseekClient({
        platform: world.host(`10.0.0.${hosts++}`),
        server: sandbox.address,
        username: name,
        password: 'secret',
        listen: { port: 2234 },
        ...more,
      });
      await client.start();
      await world.clock.run(client.online());
      await world.clock.advance(100);
      return client;
    },
    async sharer(name, more = {}) {
      const peer = sandbox.peer(name, { library: ALBUM, ...more });
      await sandbox.run(peer.login());
      await world.clock.advance(100);
      return peer;
    },
    async hits(client, search) {
      const found: SearchHit[] = [];
      const all = async () => {
        for await (const hit of client.search({ timeoutMs: 30_000, ...search })) found.push(hit);
      };
      await world.clock.run(all());
      return found;
    },
    pass: (ms) => world.clock.advance(ms),
  };
}
