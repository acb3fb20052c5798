import type { Clock } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';
import {
  type VirtualPlatform,
  type VirtualPlatformOptions,
  virtualPlatform,
} from '../platform/virtual/virtual-platform.ts';
import { type PeerOptions, type PeerPlatform, SandboxPeer } from './peers/sandbox-peer.ts';
import { type PersonOptions, SandboxPerson } from './people/person.ts';
import { playScript, type RunningScript, type ScriptOptions } from './people/script.ts';
import type { SandboxServerOptions } from './server/options.ts';
import { SandboxServer } from './server/server.ts';

/** A server and its people. */
export class Sandbox {
  readonly server: SandboxServer;
  readonly clock: Clock;
  readonly #platformOf: (name: string) => PeerPlatform;
  readonly #listenHost: string;
  readonly #people = new Map<string, SandboxPerson>();

  /**
   * @param platformOf the world as a person of that name sees it.
   * @param listenHost where peers listen unless told otherwise.
   */
  constructor(
    server: SandboxServer,
    clock: Clock,
    platformOf: (name: string) => PeerPlatform,
    listenHost: string,
  ) {
    this.server = server;
    this.clock = clock;
    this.#platformOf = platformOf;
    this.#listenHost = listenHost;
  }

  /** Where to connect to. The server must be running. */
  get address(): { readonly host: string; readonly port: number } {
    return this.server.address;
  }

  /** The person of this name, made when first asked for; not logged in. Options count only then. */
  person(name: string, options: Partial<PersonOptions> = {}): SandboxPerson {
    const known = this.#people.get(name);
    if (known) return known;
    const person = new SandboxPerson(this.#platformOf(name), name, { server: this.address, ...options });
    this.#people.set(name, person);
    return person;
  }

  /**
   * As {@link person}, for somebody who takes part in the network of peers. Throws when that name stands for somebody
   * who does not.
   */
  peer(name: string, options: Partial<PeerOptions> = {}): SandboxPeer {
    const known = this.#people.get(name);
    if (known instanceof SandboxPeer) return known;
    if (known) throw new Error(`${name} is a person who only talks`);
    const peer = new SandboxPeer(this.#platformOf(name), name, {
      server: this.address,
      listenHost: this.#listenHost,
      ...options,
    });
    this.#people.set(name, peer);
    return peer;
  }

  /** Plays a timetable with the people of this sandbox. */
  play(acts: ScriptOptions['acts'], onAct?: ScriptOptions['onAct']): RunningScript {
    const person = (name: string) => this.person(name);
    return playScript({ clock: this.clock, person, acts, ...(onAct && { onAct }) });
  }

  /** Everybody leaves, the server stops. */
  async stop(): Promise<void> {
    await Promise.all([...this.#people.values()].map((person) => person.close()));
    await this.server.stop();
  }
}

export interface VirtualSandboxOptions extends VirtualPlatformOptions {
  readonly server?: Omit<SandboxServerOptions, 'host' | 'port'>;
}

/** A sandbox in memory and in virtual time. The server is `server.test`, 10.0.0.1 port 2242; each person has a host. */
export class VirtualSandbox extends Sandbox {
  static readonly serverHost = '10.0.0.1';
  static readonly serverName = 'server.test';
  static readonly serverPort = 2242;
  /** The virtual world. Hosts 10.0.0.2 and up are free for bots; 10.1.x.x belongs to people. */
  readonly world: VirtualPlatform;
  readonly #hosts: ReadonlyMap<string, string>;

  constructor(world: VirtualPlatform, server: SandboxServer) {
    const hosts = new Map<string, string>();
    super(
      server,
      world.clock,
      (name) => {
        const host = hosts.size;
        const ip = `10.1.${Math.floor(host / 250)}.${(host % 250) + 1}`;
        hosts.set(name, ip);
        return world.host(ip);
      },
      '0.0.0.0',
    );
    this.world = world;
    this.#hosts = hosts;
  }

  /** The address of a person that was asked for before; undefined for others. */
  hostOf(name: string): string | undefined {
    return this.#hosts.get(name);
  }

  /** As {@link Sandbox.peer}; around one that is firewalled there really is a firewall. */
  override peer(name: string, options: Partial<PeerOptions> = {}): SandboxPeer {
    const peer = super.peer(name, options);
    if (peer.behaviour.firewalled) this.world.net.host(this.#hosts.get(name)!).firewalled = true;
    return peer;
  }

  /** Lets virtual time pass until `work` settles; see VirtualClock.run. */
  run<T>(work: PromiseLike<T> | (() => PromiseLike<T>), timeoutMs?: number): Promise<T> {
    return this.world.clock.run(work, timeoutMs === undefined ? {} : { timeoutMs });
  }

  /** People who logged in, in the order of the names. */
  async online(...names: readonly string[]): Promise<SandboxPerson[]> {
    const people = names.map((name) => this.person(name));
    for (const person of people) await this.run(person.login());
    await this.world.clock.advance(10);
    return people;
  }
}

/** Makes a virtual sandbox and starts its server. Everything in it repeats from the seed. */
export async function virtualSandbox(options: VirtualSandboxOptions = {}): Promise<VirtualSandbox> {
  const world = virtualPlatform(options);
  const { serverHost, serverName, serverPort } = VirtualSandbox;
  world.net.name(serverName, serverHost);
  const server = new SandboxServer(world.host(serverHost), {
    ...options.server,
    host: serverHost,
    port: serverPort,
  });
  await server.start();
  return new VirtualSandbox(world, server);
}

export interface RealSandboxOptions extends SandboxServerOptions {
  /** The real platform, or parts of it. */
  readonly platform: Pick<Platform, 'clock' | 'random' | 'transport' | 'log'>;
}

/** Makes a sandbox on loopback (unless `host` says otherwise) and starts its server. Rejects with a TransportError. */
export async function realSandbox({ platform, ...options }: RealSandboxOptions): Promise<Sandbox> {
  const server = new SandboxServer(platform, options);
  await server.start();
  return new Sandbox(server, platform.clock, () => platform, server.address.host);
}
