import { type Role, type Usage, Worker } from './processes.ts';
import { noticeBytes } from './traffic.ts';

export interface Run {
  /** Searches per second that each fast child got. */
  readonly perSecond: number;
  /** Processor seconds of the relay alone. */
  readonly cpu: number;
  /** Connections that the slow child needed. */
  readonly slowConnects: number;
}

/** One relay with its parent and its children, each in a process of its own. */
export class Rig {
  readonly #ours: boolean;
  readonly #source = new Worker('source');
  readonly #relay: Worker;
  readonly #sink = new Worker('sink');
  #port = 0;
  #block = { bytes: 0, searches: 0 };
  #children = 0;

  constructor(relay: Extract<Role, 'bare' | 'ours'>) {
    this.#ours = relay === 'ours';
    this.#relay = new Worker(relay);
  }

  async start(maxChildren: number): Promise<void> {
    const parentPort = await this.#source.call<number>('listen');
    this.#block = await this.#source.call('blockSize');
    this.#port = await this.#relay.call<number>('start', parentPort, maxChildren);
  }

  /** Replaces the children by so many fast ones, and sends so many searches to warm up. */
  async connect(children: number, searches: number): Promise<void> {
    await this.#sink.call('disconnect');
    await this.#relay.call('children', 0);
    await this.#sink.call('connect', this.#port, children, this.#ours);
    await this.#relay.call('children', children);
    this.#children = children;
    await this.#send(Math.ceil(searches / this.#block.searches), this.#ours ? noticeBytes() : 0);
  }

  /** Sends at least so many searches to the children, and perhaps to a slow one beside them. */
  async run(searches: number, slow = false): Promise<Run> {
    const blocks = Math.ceil(searches / this.#block.searches);
    if (slow) {
      await this.#sink.call('connectSlow', this.#port);
      await this.#relay.call('children', this.#children + 1);
    }
    const before = await this.usage();
    const ms = await this.#send(blocks, 0);
    const after = await this.usage();
    const slowConnects = slow ? await this.#sink.call<number>('disconnectSlow') : 0;
    await this.#relay.call('children', this.#children);
    return {
      perSecond: (blocks * this.#block.searches * 1000) / ms,
      cpu: after.cpu - before.cpu,
      slowConnects,
    };
  }

  usage(): Promise<Usage> {
    return this.#relay.call('usage');
  }

  /** Children that were dropped because they did not keep up. */
  dropped(): Promise<number> {
    return this.#relay.call('dropped');
  }

  end(): void {
    for (const worker of [this.#source, this.#relay, this.#sink]) worker.end();
  }

  /** Sends so many blocks; milliseconds until each fast child has got them and `more` bytes. */
  async #send(blocks: number, more: number): Promise<number> {
    await this.#sink.call('expect', more + blocks * this.#block.bytes);
    const wait = this.#sink.call<number | null>('wait');
    void this.#source.call('send', blocks);
    const ms = await wait;
    // Not a number, as JSON has it.
    if (ms === null) throw new Error('the relay dropped a child that reads as fast as it can');
    return ms;
  }
}

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
