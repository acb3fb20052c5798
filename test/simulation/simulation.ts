import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import { type VirtualPlatform, virtualPlatform } from '../../src/platform/virtual/virtual-platform.ts';
import { SandboxServer } from '../../src/sandbox/server/server.ts';
import { Agreement } from './agreement.ts';
import { Digest } from './digest.ts';
import {
  type FaultKind,
  inflict,
  isWorldwide,
  type PlannedFault,
  planFaults,
  type Victims,
} from './faults.ts';
import { describeForest, type Forest } from './forest.ts';
import { Health } from './health.ts';
import { type Latencies, someLatencies } from './latencies.ts';
import { Ledger } from './ledger.ts';
import { SimulatedNode } from './node.ts';
import { uploadSpeeds } from './speeds.ts';
import { mustBeWhole, type Timetable, timetable } from './timetable.ts';

export interface SimulationOptions {
  readonly seed: number | string;
  readonly nodes: number;
  /** Virtual hours. */
  readonly hours: number;
  /** What goes wrong in the storms; nothing: no storms. */
  readonly faults: readonly FaultKind[];
  /** Called after each virtual minute, with the hours so far. */
  readonly onProgress?: (hours: number) => void;
}

export interface SimulationReport {
  readonly seed: number | string;
  readonly nodes: number;
  readonly hours: number;
  readonly searches: number;
  /** Searches that had to reach all nodes, once each. */
  readonly judged: number;
  readonly deliveries: number;
  /** Searches that came to a node once more, at any time. */
  readonly duplicates: number;
  readonly faults: number;
  /** Seconds after the start until nothing went wrong any more, before the first storm. */
  readonly formingSeconds: number;
  /** The longest time from the end of a storm until nothing went wrong any more, in seconds. */
  readonly healingSeconds: number;
  readonly forest: Forest;
  readonly connects: number;
  readonly digest: string;
  /** What should not have happened; empty when the run passed. */
  readonly problems: readonly string[];
}

const SEARCH_EVERY_MS = 20_000;
/** Searches are counted for so long. */
const COUNTED_MS = 5 * 60_000;
const LOGINS_WITHIN_MS = 2 * 60_000;
/** The last search is made so long before the end. */
const DRAIN_MS = 60_000;
const SERVER_IP = '10.0.0.1';
const STEP_MS = 60_000;

/** Runs one simulated network. Everything follows from the options. */
export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const simulation = new Simulation(options);
  return simulation.run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #world: VirtualPlatform;
  readonly #random: SeededRandom;
  readonly #server: SandboxServer;
  readonly #timetable: Timetable;
  readonly #ledger = new Ledger();
  readonly #health: Health;
  readonly #agreement: Agreement;
  readonly #latencies: Latencies;
  readonly #digest = new Digest();
  readonly #problems: string[] = [];
  readonly #nodes: SimulatedNode[] = [];
  #logins: Uint32Array;
  #asked = 0;
  #faults = 0;

  constructor(options: SimulationOptions) {
    const { seed, nodes, hours, faults } = options;
    this.#options = options;
    this.#random = new SeededRandom(`simulation ${seed}`);
    this.#latencies = someLatencies(this.#random.fork('latencies'));
    this.#world = virtualPlatform({ seed: `world ${seed}`, link: { latencyMs: this.#latencies.usersMs } });
    this.#timetable = timetable(hours, faults.length > 0);
    this.#health = new Health(this.#timetable, nodes);
    this.#agreement = new Agreement(nodes);
    this.#logins = new Uint32Array(nodes);
    const speeds = uploadSpeeds(this.#random.fork('speeds'), nodes);
    this.#server = new SandboxServer(this.#world.host(SERVER_IP), {
      host: SERVER_IP,
      port: 2242,
      receivedLimit: 0,
      branchRoots: 'patient',
      accounts: speeds.map((avgSpeed, i) => ({ username: `node${i}`, password: 'secret', avgSpeed })),
    });
  }

  async run(): Promise<SimulationReport> {
    const { clock } = this.#world;
    const { onProgress } = this.#options;
    const address = await this.#server.start();
    this.#observeServer();
    const nameOf = (node: number) => this.#nodes[node]!.name;
    for (let i = 0; i < this.#options.nodes; i++) {
      this.#nodes.push(
        new SimulatedNode(i, this.#world, address, {
          delivered: (node, searcher, token) => {
            this.#digest.add(clock.monotonic());
            this.#digest.add(node.index);
            this.#digest.add(token);
            this.#ledger.deliver(node.index, token, searcher, nameOf);
          },
          changed: (node, what, why) => {
            this.#logins[node.index] = node.login;
            this.#note(what, node.index, why);
          },
          failed: (node, error) => this.#problem(`${node.name} could not start: ${String(error)}`),
        }),
      );
    }
    for (const { ip } of this.#nodes) {
      this.#world.net.link(ip, SERVER_IP, { latencyMs: this.#latencies.serverMs });
    }
    this.#planStarts();
    this.#planFaults();
    const { end } = this.#timetable;
    clock.setTimeout(() => this.#search(), LOGINS_WITHIN_MS);
    for (let at = STEP_MS; at <= end; at += STEP_MS) {
      await clock.advance(STEP_MS);
      this.#settle(at - COUNTED_MS);
      if (!mustBeWhole(this.#timetable, at))
        this.#agreement.look(this.#nodes, this.#server.world.sessions, at);
      onProgress?.(at / 3_600_000);
    }
    this.#settle(Infinity);
    const report = this.#report();
    await this.#close();
    return report;
  }

  #observeServer(): void {
    this.#server.on('request', ({ user, request }) => {
      if (request.type !== 'FileSearch') return;
      const searcher = Number(user.slice('node'.length));
      const at = this.#world.clock.monotonic();
      this.#note('search', searcher, '');
      this.#ledger.begin({ at, searcher, token: request.token, logins: this.#logins.slice() });
    });
    this.#server.on('ban', ({ user, why }) => this.#problem(`the server banned ${user}: ${why}`));
  }

  #planStarts(): void {
    const random = this.#random.fork('starts');
    for (const node of this.#nodes) {
      this.#world.clock.setTimeout(() => node.start(), random.int(0, LOGINS_WITHIN_MS - 10_000));
    }
  }

  #planFaults(): void {
    const { clock, net } = this.#world;
    const random = this.#random.fork('faults');
    const { nodes, faults: kinds } = this.#options;
    const victims: Victims = {
      nodes: this.#nodes,
      server: this.#server,
      serverIp: SERVER_IP,
      net,
      latencies: this.#latencies,
    };
    for (const { from, to } of this.#timetable.storms) {
      // What was searched before is judged by who was online then.
      clock.setTimeout(() => this.#settle(Infinity), from);
      for (const fault of planFaults({ random, kinds, nodes, from, to })) {
        clock.setTimeout(() => this.#inflict(fault, victims), fault.at);
      }
    }
  }

  #inflict(fault: PlannedFault, victims: Victims): void {
    const { clock } = this.#world;
    this.#faults++;
    this.#note(fault.kind, fault.node, '');
    const concerned = isWorldwide(fault.kind) ? this.#nodes : [this.#nodes[fault.node]!];
    if (fault.kind === 'reset node' || fault.kind === 'reset all')
      this.#agreement.reset(concerned, clock.now());
    const undo = inflict(fault, victims);
    if (undo === undefined) return;
    this.#agreement.disturbed(concerned, fault.until);
    clock.setTimeout(undo, fault.until - fault.at);
  }

  #search(): void {
    const { clock } = this.#world;
    if (clock.monotonic() > this.#timetable.end - DRAIN_MS) return;
    clock.setTimeout(() => this.#search(), SEARCH_EVERY_MS);
    const online = this.#nodes.filter(({ login }) => login !== 0);
    if (online.length === 0) return;
    const node = online[this.#random.int(0, online.length - 1)]!;
    node.client?.search({ query: `words number ${++this.#asked}`, timeoutMs: 1000, maxWaitMs: 60_000 });
  }

  #settle(before: number): void {
    for (const outcome of this.#ledger.settle(before, this.#logins)) this.#health.add(outcome);
  }

  #note(what: string, node: number, why: string): void {
    this.#digest.add(this.#world.clock.monotonic());
    this.#digest.add(node);
    this.#digest.addText(what);
    this.#digest.addText(why);
  }

  #problem(text: string): void {
    this.#problems.push(text);
  }

  #report(): SimulationReport {
    const { seed, nodes, hours } = this.#options;
    const { searches, deliveries, duplicates } = this.#ledger.totals;
    const forest = describeForest(this.#nodes, this.#server);
    return {
      seed,
      nodes,
      hours,
      searches,
      judged: this.#health.judged,
      deliveries,
      duplicates,
      faults: this.#faults,
      formingSeconds: this.#health.formingMs / 1000,
      healingSeconds: this.#health.healingMs / 1000,
      forest,
      connects: this.#world.net.stats().connects,
      digest: this.#digest.toString(),
      problems: [
        ...this.#problems,
        ...this.#health.problems,
        ...this.#agreement.problems,
        ...forest.problems,
      ],
    };
  }

  async #close(): Promise<void> {
    for (const node of this.#nodes) node.kill();
    await this.#world.clock.run(this.#server.stop());
  }
}
