import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { findPlugin } from '../loader.ts';
import type { Seat, SeatLoss } from '../seat.ts';
import type { RuntimeChoice } from '../types.ts';
import type { FromPlugin, ToPlugin } from '../wire.ts';
import { Seats } from './seats.ts';

/** Seats for plugins whose source the test gives. */
export class SeatDriver {
  readonly clock = new VirtualClock();
  readonly unhandled: string[] = [];
  readonly printed: string[] = [];
  readonly seats: Seats;
  readonly #folder = mkdtempSync(join(tmpdir(), 'seekeeper-seats-'));
  readonly #opened: Driven[] = [];

  /** @param turnMs how long virtual time waits for a worker that does not answer, in real time; `startMs` at its start */
  constructor(turnMs = 3_000, startMs = 9_000) {
    this.seats = new Seats({
      clock: this.clock,
      valueBytes: 1_048_576,
      holds: { startMs, turnMs },
      unhandled: (id, error) => this.unhandled.push(`${id}: ${error.message}`),
      output: (ids, line, lost) =>
        this.printed.push(`${ids.join(',')}: ${line}${lost > 0 ? ` (${lost})` : ''}`),
    });
  }

  /** Opens a seat. @param setup the body of `setup(bot)`; the rest of the file may stand `before` it. */
  open(id: string, setup: string, runtime: RuntimeChoice = { kind: 'worker' }, before = ''): Driven {
    const file = join(this.#folder, `${id}.ts`);
    writeFileSync(
      file,
      `import { definePlugin } from 'seekeeper';\n${before}\nexport default definePlugin({ name: 'x', async setup(bot: any) {\n${setup}\n} });\n`,
    );
    const found = findPlugin({ id, use: { path: file } }, this.#folder, {});
    const driven = new Driven(id, this.seats.open({ id, found, runtime }), this.clock);
    this.#opened.push(driven);
    return driven;
  }

  /** Opens a seat and runs its `setup`. */
  async start(id: string, setup: string, runtime?: RuntimeChoice, before = ''): Promise<Driven> {
    const driven = this.open(id, setup, runtime, before);
    await driven.start();
    return driven;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map(({ seat }) => seat.close()));
    rmSync(this.#folder, { recursive: true });
  }
}

/** One plugin, without the host: its commands are registrations 1, 2, … */
export class Driven {
  readonly seat: Seat;
  readonly received: FromPlugin[] = [];
  loss: SeatLoss | undefined;
  readonly #clock: VirtualClock;
  readonly #id: string;
  #wanted: ((message: FromPlugin) => void) | undefined;
  #calls = 0;

  constructor(id: string, seat: Seat, clock: VirtualClock) {
    this.#id = id;
    this.seat = seat;
    this.#clock = clock;
    seat.channel.onMessage((message) => this.#receive(message as FromPlugin));
    void seat.lost.then((loss) => {
      this.loss = loss;
    });
  }

  async start(): Promise<void> {
    await this.step({ t: 'load', limits: { valueBytes: 1_048_576, calls: 64, waits: 64 } });
    await this.step({ t: 'configure', config: {}, rooms: {} });
    await this.step({
      t: 'setup',
      self: { user: 'bot', id: this.#id, plugin: 'x' },
      languages: { usual: 'en', rooms: {} },
      seed: 'a',
    });
  }

  step(message: ToPlugin): Promise<FromPlugin> {
    const answer = new Promise<FromPlugin>((resolve) => {
      this.#wanted = resolve;
    });
    this.seat.channel.post(message);
    return this.#clock.run(answer);
  }

  /** Runs the command that was registered as the so-manieth. @returns its answer; undefined when the seat was lost first. */
  async command(reg = 1, timeoutMs = 60_000): Promise<FromPlugin | undefined> {
    const call = ++this.#calls;
    this.send(reg);
    const over = () =>
      this.received.find((message) => 'call' in message && message.t !== 'call' && message.call === call);
    await this.#clock.runUntil(() => over() !== undefined || this.loss !== undefined, { timeoutMs });
    return over();
  }

  /** Sends a command without waiting for its end. */
  send(reg = 1): void {
    const input = { args: {}, user: 'al', source: 'private', at: 0, id: 'm', command: 'c' } as const;
    this.seat.channel.post({
      t: 'command',
      call: this.#calls,
      reg,
      input: { ...input, replayed: false, redelivered: false },
      reply: 'token',
    } satisfies ToPlugin);
  }

  #receive(message: FromPlugin): void {
    this.received.push(message);
    switch (message.t) {
      case 'reg':
        this.seat.channel.post({ t: 'accepted', reg: message.reg } satisfies ToPlugin);
        return;
      case 'call':
        this.seat.channel.post({ t: 'return', call: message.call, value: undefined } satisfies ToPlugin);
        return;
      case 'loaded':
      case 'configured':
      case 'ready':
      case 'failed':
        this.#wanted?.(message);
        return;
      default:
    }
  }
}

/** Source of a command. */
export const commandSource = (body: string, name = 'go') =>
  `bot.command({ name: '${name}', summary: 's', run: async () => { ${body} } });`;
