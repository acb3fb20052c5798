import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import { BotLife } from '../../src/testing/bot-life.ts';
import { pluginsOf, type TestBotOptions } from '../../src/testing/options.ts';
import { catalogue, type ModelWish } from './catalogue.ts';
import { digestOf } from './digest.ts';
import { type Fault, planFaults } from './faults.ts';
import { type Judgement, judge } from './oracle.ts';
import { Probe } from './probe.ts';
import { endSpan, type Incident, type SimulationRecord, type Span, spanFrom } from './record.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number | string;
  readonly wishes: number;
  readonly people: number;
  /** Virtual days. */
  readonly days: number;
  readonly faults: boolean;
  /** Called after each virtual hour, with the hours so far. */
  readonly onProgress?: (hours: number) => void;
}

export interface SimulationReport extends Judgement {
  readonly options: SimulationOptions;
  readonly record: SimulationRecord;
  readonly modelWishes: readonly ModelWish[];
  readonly changes: number;
  /** Lines in the bot's log that report an error. */
  readonly errors: readonly string[];
  readonly digest: string;
}

const BOT = 'seekeeper';
const BOT_HOST = '10.0.0.2';
const SERVER_HOST = '10.0.0.1';
const HOUR = 3_600_000;
const MINUTE = 60_000;
/** What waited in a line arrives that soon when it is whole again. */
const ARRIVAL_MS = 2000;

/** Runs one simulation. Everything follows from the options. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const simulation = await Simulation.create(options);
  return simulation.run();
}

/** Something that ends the bot's process as soon as time stands still. */
interface Doom {
  readonly downMs: number;
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #wishes: readonly ModelWish[];
  readonly #world: World;
  readonly #probe: Probe;
  readonly #life: BotLife;
  readonly #random: SeededRandom;
  readonly #processes: Span[] = [];
  readonly #troubles: Span[] = [];
  readonly #cuts: Span[] = [];
  readonly #incidents: Incident[] = [];
  /** What happens when the next wish search reaches the server. */
  readonly #onTurn: (() => void)[];
  #doom: Doom | undefined;

  private constructor(
    options: SimulationOptions,
    parts: {
      readonly wishes: readonly ModelWish[];
      readonly world: World;
      readonly probe: Probe;
      readonly life: BotLife;
      readonly random: SeededRandom;
      readonly onTurn: (() => void)[];
    },
  ) {
    this.#options = options;
    this.#wishes = parts.wishes;
    this.#world = parts.world;
    this.#probe = parts.probe;
    this.#life = parts.life;
    this.#random = parts.random;
    this.#onTurn = parts.onTurn;
  }

  static async create(options: SimulationOptions): Promise<Simulation> {
    const { seed, people } = options;
    const random = new SeededRandom(`wishlist ${seed}`);
    const shelves = catalogue(random.fork('catalogue'), options.wishes);
    const wishes = shelves.map(({ wish }) => wish);
    const onTurn: (() => void)[] = [];
    const world = await World.create({
      seed,
      random: random.fork('people'),
      people,
      durationMs: options.days * 24 * HOUR,
      shelves,
      wishes,
      bot: BOT,
      onTurn: () => {
        for (const act of onTurn.splice(0)) act();
      },
    });
    const probe = new Probe(
      wishes,
      () => world.now(),
      () => world.epoch,
    );
    const botOptions: TestBotOptions = { rooms: [], seed };
    const life = new BotLife(world.sandbox, BOT, botOptions, pluginsOf(probe.plugin, botOptions));
    return new Simulation(options, { wishes, world, probe, life, random, onTurn });
  }

  async run(): Promise<SimulationReport> {
    const durationMs = this.#options.days * 24 * HOUR;
    await this.#start();
    this.#world.begin();
    this.#processes[0] = { from: 0, to: Infinity };
    const faults = this.#options.faults ? planFaults(this.#random.fork('faults'), durationMs) : [];
    for (const { at, fault } of faults) {
      await this.#passUntil(at);
      await this.#inflict(fault);
    }
    await this.#passUntil(durationMs);
    const report = await this.#report(durationMs);
    await this.#life.end();
    await this.#world.sandbox.run(this.#world.close());
    return report;
  }

  async #start(): Promise<void> {
    // From the first moment on: it may search before it says that it is ready.
    this.#processes.push(spanFrom(this.#world.now()));
    await this.#life.start();
  }

  /** Lets time pass; a bot that is doomed dies and is started again. */
  async #passUntil(at: number): Promise<void> {
    const { clock } = this.#world.sandbox.world;
    for (;;) {
      const now = this.#world.now();
      if (now >= at) return;
      const next = Math.min(at, (Math.floor(now / HOUR) + 1) * HOUR);
      let reached = false;
      const timer = clock.setTimeout(() => (reached = true), next - now);
      await clock.runUntil(() => reached || this.#dying(), { timeoutMs: next - now + 1 });
      timer.cancel();
      if (this.#dying()) await this.#die();
      if (reached) this.#options.onProgress?.(next / HOUR);
    }
  }

  #dying(): boolean {
    return this.#doom !== undefined && (this.#doom.downMs < 0 || this.#life.run.disk.crashed);
  }

  async #die(): Promise<void> {
    await this.#kill(Math.abs(this.#doom!.downMs));
  }

  async #kill(downMs: number): Promise<void> {
    await this.#life.kill();
    await this.#down(downMs);
  }

  async #down(downMs: number): Promise<void> {
    this.#doom = undefined;
    endSpan(this.#processes, this.#world.now());
    await this.#world.sandbox.world.clock.advance(downMs);
    await this.#start();
  }

  async #inflict(fault: Fault): Promise<void> {
    const { sandbox } = this.#world;
    const { clock } = sandbox.world;
    this.#incidents.push({ at: this.#world.now(), what: JSON.stringify(fault) });
    switch (fault.kind) {
      case 'kill':
        await this.#kill(fault.downMs);
        break;
      case 'kill after a turn':
        this.#onTurn.push(() =>
          // Negative: at once, whatever the disk says.
          clock.setTimeout(() => (this.#doom ??= { downMs: -fault.downMs }), fault.afterMs),
        );
        break;
      case 'crash':
        this.#crash(fault);
        break;
      case 'crash after a turn':
        this.#onTurn.push(() => this.#crash(fault));
        break;
      case 'stop':
        this.#spare();
        await this.#life.stop();
        await this.#down(fault.downMs);
        break;
      case 'reload':
        this.#spare();
        await this.#life.reload(this.#life.plugins);
        break;
      case 'ban':
        sandbox.server.ban(BOT, fault.minutes);
        break;
      case 'drop':
        sandbox.server.drop(BOT);
        break;
      case 'restart server':
        await sandbox.run(sandbox.server.stop());
        clock.setTimeout(() => void sandbox.server.start(), fault.downMs);
        break;
      case 'cut':
        this.#cut(fault.forMs);
        break;
      case 'privileges':
        sandbox.server.setPrivileges(BOT, fault.seconds);
        break;
      case 'no wishes':
        this.#noWishes(fault.forMs);
        break;
      case 'handler fails':
        this.#probe.failures = fault.times;
        break;
    }
  }

  #crash({ writes, when, downMs }: Extract<Fault, { kind: 'crash' | 'crash after a turn' }>): void {
    if (this.#doom !== undefined) return;
    this.#doom = { downMs };
    this.#life.run.disk.crashAfter(writes, when);
  }

  /** It would have died at one of the next writes; something else comes first. */
  #spare(): void {
    this.#doom = undefined;
    this.#life.run.disk.crashAfter(Infinity);
  }

  #cut(forMs: number): void {
    const { clock, net } = this.#world.sandbox.world;
    const trouble = spanFrom(this.#world.now());
    this.#troubles.push(trouble);
    const cut = spanFrom(this.#world.now());
    this.#cuts.push(cut);
    net.cut(BOT_HOST, SERVER_HOST);
    clock.setTimeout(() => {
      net.heal(BOT_HOST, SERVER_HOST);
      cut.to = this.#world.now() + ARRIVAL_MS;
      // Until both sides have noticed what became of their connections.
      trouble.to = this.#world.now() + 10 * MINUTE;
    }, forMs);
  }

  #noWishes(forMs: number): void {
    const { server, world } = this.#world.sandbox;
    if (!server.sendTo(BOT, { type: 'WishlistInterval', interval: 0 })) return;
    world.clock.setTimeout(() => server.sendTo(BOT, { type: 'WishlistInterval', interval: 720 }), forMs);
  }

  async #report(durationMs: number): Promise<SimulationReport> {
    const { ledger, stays, sessions, changes, sandbox } = this.#world;
    const { kv } = this.#life.run.store;
    const rows = await sandbox.run(kv.entries('probe', 'told/'));
    const record: SimulationRecord = {
      durationMs,
      turns: ledger.turns,
      sightings: ledger.sightings,
      announcements: Probe.announcements(rows),
      tellings: this.#probe.tellings,
      stays,
      sessions,
      processes: this.#processes,
      troubles: this.#troubles,
      cuts: this.#cuts,
      incidents: this.#incidents,
    };
    const errors = this.#life.log.lines
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message);
    return {
      ...judge(record, this.#wishes),
      options: this.#options,
      record,
      modelWishes: this.#wishes,
      changes,
      errors,
      digest: digestOf(record),
    };
  }
}
