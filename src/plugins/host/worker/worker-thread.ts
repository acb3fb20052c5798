import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import type { Clock } from '../../../platform/clock.ts';
import { deferred } from '../../../platform/deferred.ts';
import { processorTimeMs } from '../../../platform/real/processor-time.ts';
import { withTimeout } from '../../../platform/time.ts';
import { notCopied } from '../channel.ts';
import type { PluginFile } from '../loader.ts';
import type { Seat, SeatLoss } from '../seat.ts';
import { oneLine, toWireError, type WireError } from '../wire-error.ts';
import { activityMemory, readActivity } from './activity.ts';
import type { Compiler } from './compiler.ts';
import { Output } from './output.ts';
import { CREDIT, type FromThread, isLoad, type ToThread } from './protocol.ts';
import { answerCompile, type CompileLine } from './remote-compile.ts';
import { startWorker } from './start-worker.ts';
import { type HoldTimes, TurnGate } from './turn-gate.ts';
import { type SeatWorker, WorkerSeat } from './worker-seat.ts';

/** V8 ends a thread in milliseconds, unless it has lost control of it. In real time. */
const END_MS = 5_000;

/** What every worker works with. */
export interface ThreadParts {
  readonly clock: Clock;
  /** Real time. */
  readonly watchdog: Clock;
  readonly compiler: Compiler;
  /** Absent on a real clock, which cannot be held. */
  readonly holds?: HoldTimes;
  /** How long a ping may stay unanswered, in milliseconds. */
  readonly answerMs: number;
  readonly valueBytes: number;
  readonly unhandled: (id: string, error: WireError) => void;
  readonly output: (ids: readonly string[], line: string, lost: number) => void;
}

interface Ending {
  readonly cause: Exclude<SeatLoss['cause'], 'neighbour'>;
  readonly message: string;
  /** 0: unknown whose fault. */
  readonly seat: number;
}

/** A worker thread with its plugins, as the host holds it. */
export class WorkerThread implements SeatWorker {
  readonly #parts: ThreadParts;
  readonly #name: string;
  readonly #memoryMb: number;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #compile: CompileLine;
  readonly #activity = activityMemory();
  readonly #gate: TurnGate | undefined;
  readonly #seats = new Map<number, WorkerSeat>();
  /** Messages since the last credit, by seat. */
  readonly #handled = new Map<number, number>();
  readonly #ended = deferred();
  #ending: Ending | undefined;
  #given = false;
  #over = false;
  #next = 1;
  #pinged: number | undefined;
  #memory: { readonly heapBytes: number; readonly externalBytes: number } | undefined;

  constructor(parts: ThreadParts, name: string, memoryMb: number) {
    this.#parts = parts;
    this.#name = name;
    this.#memoryMb = memoryMb;
    const main = new MessageChannel();
    this.#port = main.port1;
    this.#port.on('message', (message: FromThread) => this.#receive(message));
    const compiling = new MessageChannel();
    const answered = new SharedArrayBuffer(4);
    this.#compile = { port: compiling.port1, answered };
    this.#gate =
      parts.holds &&
      new TurnGate(parts.clock, parts.watchdog, processorTimeMs, parts.holds, `worker of ${name}`);
    this.#worker = startWorker({
      name,
      memoryMb,
      start: { port: main.port2, activity: this.#activity, compile: { port: compiling.port2, answered } },
    });
    const printed = new Output((line, lost) => parts.output(this.#ids, line, lost));
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => printed.add(text));
    this.#worker.on('error', (error) => this.#failed(error));
    this.#worker.on('exit', (code) => this.#exited(code));
  }

  /** Resolves when the thread has ended, one way or another. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Whether it is going on. */
  get alive(): boolean {
    return this.#ending === undefined && !this.#given;
  }

  open(id: string, module: PluginFile): Seat {
    const { valueBytes, clock } = this.#parts;
    const seat = new WorkerSeat(this.#next++, id, this, valueBytes, clock);
    this.#seats.set(seat.number, seat);
    this.#send({ w: 'open', seat: seat.number, module });
    return seat;
  }

  memory(): { readonly heapBytes: number; readonly externalBytes: number } | undefined {
    return this.#memory;
  }

  post(seat: number, message: unknown): void {
    const turn = this.#gate?.sent(isLoad(message));
    try {
      this.#send({ w: 'message', seat, message, ...(turn === undefined ? {} : { turn }) });
    } catch (cause) {
      if (turn !== undefined) this.#send({ w: 'message', seat: 0, message: undefined, turn });
      throw notCopied(message, cause);
    }
  }

  async leave(seat: number): Promise<void> {
    if (this.#seats.delete(seat) && this.#seats.size > 0) this.#send({ w: 'close', seat });
    if (this.#seats.size === 0) await this.#giveUp();
  }

  /**
   * Asks for a sign of life, and looks whether the last one came.
   * @param lateMs how late this comes: as much more time it has to answer
   */
  beat(lateMs: number): void {
    if (!this.alive) return;
    const { clock, answerMs } = this.#parts;
    this.#drain();
    if (!this.alive) return;
    if (this.#pinged === undefined) {
      this.#pinged = clock.monotonic();
      this.#send({ w: 'ping' });
      // On a virtual clock it takes no time to answer.
      if (this.#gate) this.post(0, undefined);
      return;
    }
    this.#pinged += lateMs;
    if (clock.monotonic() - this.#pinged < answerMs) return;
    this.#end({
      cause: 'hang',
      message: `it has not answered for ${Math.round(answerMs / 1_000)} s: it computes without end, or waits where it blocks its thread`,
      seat: this.#running(),
    });
  }

  get #ids(): readonly string[] {
    return [...this.#seats.values()].map(({ id }) => id);
  }

  #receive(message: FromThread): void {
    switch (message.w) {
      case 'message':
        this.#deliver(message.seat, message.message);
        return;
      case 'turn':
        this.#gate?.dealtWith(message.turn);
        return;
      case 'pong':
        this.#pinged = undefined;
        this.#memory = { heapBytes: message.heapBytes, externalBytes: message.externalBytes };
        this.#checkMemory(message.heapBytes + message.externalBytes);
        return;
      case 'unhandled':
        for (const id of this.#meant(message.seat)) this.#parts.unhandled(id, message.error);
        return;
      case 'output':
        this.#parts.output(this.#meant(message.seat), message.line, message.lost);
        return;
      case 'compile':
        void this.#parts.compiler
          .compile(message.options)
          .then((compiled) => answerCompile(this.#compile, compiled));
        return;
      case 'ending':
        this.#ending ??= { cause: 'exit', message: `it called ${message.how}`, seat: message.seat };
        return;
    }
  }

  #deliver(number: number, message: unknown): void {
    this.#gate?.heard();
    const handled = (this.#handled.get(number) ?? 0) + 1;
    this.#handled.set(number, handled % CREDIT);
    if (handled === CREDIT) this.#send({ w: 'credit', seat: number, count: CREDIT });
    try {
      this.#seats.get(number)?.deliver(message);
    } catch (error) {
      const reason = oneLine(toWireError(error).message);
      this.#end({ cause: 'crash', message: `it sent what no plugin sends: ${reason}`, seat: number });
    }
  }

  #checkMemory(bytes: number): void {
    if (bytes <= this.#memoryMb * 1_048_576) return;
    const used = `${Math.round(bytes / 1_048_576)} MB`;
    this.#end({
      cause: 'memory',
      message: `its heap and buffers took ${used}, and it may have ${this.#memoryMb} MB`,
      // Who runs now need not be who keeps it all.
      seat: this.#only(),
    });
  }

  #failed(thrown: Error): void {
    if ('code' in thrown && thrown.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const message = `its heap grew above the ${this.#memoryMb} MB that it may have`;
      this.#ending ??= { cause: 'memory', message, seat: this.#running() };
    } else {
      const message = `its thread failed: ${oneLine(toWireError(thrown).message)}`;
      this.#ending ??= { cause: 'crash', message, seat: this.#running() };
    }
  }

  #exited(code: number): void {
    if (this.#over) return;
    this.#over = true;
    // What it had sent before its end counts.
    this.#drain();
    this.#port.close();
    this.#compile.port.close();
    const ending = this.#ending ?? {
      cause: 'exit',
      message: `its thread ended by itself with code ${code}`,
      seat: this.#running(),
    };
    const { call, where } = readActivity(this.#activity);
    const running = {
      ...(call === undefined ? {} : { call }),
      ...(where === undefined ? {} : { where }),
    };
    const alone = this.#seats.size === 1;
    for (const seat of this.#seats.values()) {
      if (alone || seat.number === ending.seat)
        seat.lose({ cause: ending.cause, message: ending.message, ...running });
      else {
        const culprit = this.#seats.get(ending.seat)?.id;
        const whose = culprit === undefined ? '' : ` because of "${culprit}"`;
        const message = `the worker "${this.#name}", which it shares, ended${whose}: ${ending.message}`;
        seat.lose({ cause: 'neighbour', message });
      }
    }
    this.#seats.clear();
    this.#gate?.end();
    this.#ended.resolve();
  }

  #end(ending: Ending): void {
    if (!this.alive) return;
    this.#ending = ending;
    void this.#terminate();
  }

  async #giveUp(): Promise<void> {
    if (this.alive) {
      this.#given = true;
      void this.#terminate();
    }
    await this.#ended.promise;
  }

  /** Ends the thread. Should V8 not be able to, the plugins are lost all the same, and the thread is left behind. */
  async #terminate(): Promise<void> {
    const { clock, watchdog } = this.#parts;
    const hold = clock.hold(`end of the worker of ${this.#name}`);
    const terminated = this.#worker.terminate();
    await withTimeout(watchdog, terminated, END_MS, () => new Error('it goes on')).catch(() => {
      if (this.#ending !== undefined) {
        const message = `${this.#ending.message}; its thread could not be ended and still runs: restart the bot`;
        this.#ending = { ...this.#ending, message };
      }
      this.#worker.unref();
      this.#exited(1);
    });
    hold.release();
  }

  /** What has come and was not looked at yet. */
  #drain(): void {
    for (;;) {
      const next = receiveMessageOnPort(this.#port);
      if (next === undefined) return;
      this.#receive(next.message as FromThread);
    }
  }

  /** Whose code runs; 0 when that is not known. */
  #running(): number {
    const { seat } = readActivity(this.#activity);
    return this.#seats.has(seat) ? seat : this.#only();
  }

  #only(): number {
    const [first, second] = this.#seats.keys();
    return first !== undefined && second === undefined ? first : 0;
  }

  #meant(seat: number): readonly string[] {
    const id = this.#seats.get(seat)?.id;
    return id === undefined ? this.#ids : [id];
  }

  #send(message: ToThread): void {
    this.#port.postMessage(message);
  }
}
