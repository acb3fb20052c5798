import type { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import { type VirtualSandbox, virtualSandbox } from '../../src/sandbox/index.ts';
import type { ModelWish, Shelf } from './catalogue.ts';
import { Ledger } from './ledger.ts';
import { lives } from './lives.ts';
import { Person } from './person.ts';
import { endSpan, type Span, spanFrom } from './record.ts';

export interface WorldOptions {
  readonly seed: number | string;
  readonly random: SeededRandom;
  readonly people: number;
  readonly durationMs: number;
  /** What there is to be shared. */
  readonly shelves: readonly Shelf[];
  readonly wishes: readonly ModelWish[];
  /** The bot's name. */
  readonly bot: string;
  /** Told when a wish search reached the server. */
  readonly onTurn: () => void;
}

/** Seconds. */
const INTERVALS = { ordinary: 720, privileged: 120 };

/** A server, people who live their lives, and somebody who writes down what the bot does. */
export class World {
  readonly sandbox: VirtualSandbox;
  readonly ledger: Ledger;
  readonly stays = new Map<string, Span[]>();
  /** When the bot was logged in. */
  readonly sessions: Span[] = [];
  /** Changes of libraries that people make. */
  readonly changes: number;
  readonly #options: WorldOptions;
  readonly #people: readonly Person[];
  #interval = INTERVALS.ordinary;
  #epoch = 0;

  private constructor(sandbox: VirtualSandbox, options: WorldOptions) {
    this.sandbox = sandbox;
    this.#options = options;
    this.ledger = new Ledger(options.wishes);
    const planned = lives(options);
    this.changes = planned.reduce((sum, { versions }) => sum + versions.length - 1, 0);
    this.#people = planned.map((life, i) => {
      const ip = `10.1.${Math.floor(i / 250)}.${(i % 250) + 1}`;
      this.stays.set(life.name, []);
      const { world } = sandbox;
      if (life.kind === 'firewalled') world.net.host(ip).firewalled = true;
      return new Person(world.host(ip), sandbox.address, life, {
        searched: (person, user, query) => {
          if (user === options.bot) this.ledger.reach(person, query, this.now());
        },
        loggedIn: (person) => this.#staysOf(person).push(spanFrom(this.now())),
        loggedOut: (person) => endSpan(this.#staysOf(person), this.now()),
      });
    });
    this.#observe();
  }

  /** Nobody is logged in yet. */
  static async create(options: WorldOptions): Promise<World> {
    const sandbox = await virtualSandbox({
      seed: `wishes ${options.seed}`,
      link: { latencyMs: 5, jitterMs: 40 },
      server: {
        // Every search reaches everybody, without a tree that would have to be kept for two weeks.
        dialect: 'soulfind',
        wishlistInterval: INTERVALS,
        receivedLimit: 0,
      },
    });
    return new World(sandbox, options);
  }

  /** People begin to live, and time to count. */
  begin(): void {
    this.#epoch = this.sandbox.clock.monotonic();
    for (const span of this.sessions) Object.assign(span, { from: 0 });
    for (const person of this.#people) person.begin();
  }

  /** Milliseconds since {@link begin}. */
  now(): number {
    return this.sandbox.clock.monotonic() - this.#epoch;
  }

  /** The beginning by the clock on the wall. */
  get epoch(): number {
    return this.sandbox.clock.now() - this.now();
  }

  get online(): number {
    return this.#people.filter(({ connected }) => connected).length;
  }

  async close(): Promise<void> {
    await Promise.all(this.#people.map((person) => person.close()));
    await this.sandbox.stop();
  }

  #staysOf({ name }: Person): Span[] {
    return this.stays.get(name)!;
  }

  #observe(): void {
    const { server } = this.sandbox;
    const { bot, onTurn } = this.#options;
    server.on('login', ({ user }) => {
      if (user === bot) this.sessions.push(spanFrom(this.now()));
    });
    server.on('logout', ({ user }) => {
      if (user === bot) endSpan(this.sessions, this.now());
    });
    server.on('response', ({ user, response }) => {
      if (user === bot && response.type === 'WishlistInterval') this.#interval = response.interval;
    });
    server.on('request', ({ user, request }) => {
      if (user !== bot || request.type !== 'WishlistSearch') return;
      this.ledger.turn(this.now(), request.query, this.#interval);
      onTurn();
    });
  }
}
