import { getHeapStatistics } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import { RealClock } from '../../../platform/real/real-clock.ts';
import { LineBudget } from '../line-budget.ts';
import { type Compile, importPlugin, type PluginFile } from '../loader.ts';
import { PluginRunner } from '../runner/plugin-runner.ts';
import { toWireError } from '../wire-error.ts';
import { Activity } from './activity.ts';
import { guardProcess } from './guards.ts';
import { captureOutput, Output } from './output.ts';
import { type FromThread, isLoad, type ThreadStart, type ToThread } from './protocol.ts';
import { remoteCompile } from './remote-compile.ts';
import { ThreadSeat } from './thread-seat.ts';
import { Turns } from './turns.ts';

/** The worker's side: runs plugins behind one port. */
export class Thread {
  readonly #port: MessagePort;
  readonly #activity: Activity;
  readonly #compile: Compile;
  readonly #seats = new Map<number, ThreadSeat>();
  readonly #outputs = new Map<number, Output>();
  readonly #unhandledBudget = new LineBudget(new RealClock(), { burst: 20, perSecond: 1 });
  readonly #turns = new Turns(
    (turn) => this.#post({ w: 'turn', turn }),
    () => [...this.#seats.values()].some(({ waiting }) => waiting > 0),
  );

  constructor({ port, activity, compile }: ThreadStart) {
    this.#port = port;
    this.#compile = remoteCompile(compile, (options) => this.#post({ w: 'compile', options }));
    this.#activity = new Activity(activity);
  }

  start(): void {
    guardProcess((how) => this.#post({ w: 'ending', seat: this.#activity.seat, how }));
    captureOutput((text) => this.#print(text));
    const unhandled = (thrown: unknown) => this.#unhandled(thrown);
    process.on('unhandledRejection', unhandled);
    process.on('uncaughtException', unhandled);
    this.#port.on('message', (message: ToThread) => this.#receive(message));
  }

  #receive(message: ToThread): void {
    switch (message.w) {
      case 'open':
        this.#open(message.seat, message.module);
        return;
      case 'message':
        if (isLoad(message.message)) this.#turns.load();
        this.#activity.run(message.seat, message.message, () => {
          this.#seats.get(message.seat)?.deliver(message.message);
        });
        if (message.turn !== undefined) this.#turns.received(message.turn);
        return;
      case 'credit':
        this.#seats.get(message.seat)?.refill(message.count);
        this.#turns.check();
        return;
      case 'close':
        this.#seats.get(message.seat)?.close();
        this.#seats.delete(message.seat);
        this.#outputs.delete(message.seat);
        this.#turns.check();
        return;
      case 'ping': {
        const { used_heap_size: heapBytes, external_memory: externalBytes } = getHeapStatistics();
        this.#post({ w: 'pong', heapBytes, externalBytes });
        return;
      }
    }
  }

  #open(seat: number, module: PluginFile): void {
    const channel = new ThreadSeat(this.#port, seat, () => this.#turns.loaded());
    this.#seats.set(seat, channel);
    // The channel keeps it alive. Whose code runs is known already.
    new PluginRunner(
      channel,
      () => importPlugin(module, this.#compile),
      (run) => run(),
    );
  }

  #unhandled(thrown: unknown): void {
    const error = toWireError(thrown);
    // After the unload its last promises are rejected, and nobody is left to care.
    if (error.code === 'unloaded') return;
    const lost = this.#unhandledBudget.take();
    if (lost === undefined) return;
    const message = lost === 0 ? error.message : `${error.message} (and ${lost} more before it)`;
    this.#post({ w: 'unhandled', seat: this.#activity.seat, error: { ...error, message } });
  }

  #print(text: string): void {
    const { seat } = this.#activity;
    let output = this.#outputs.get(seat);
    if (output === undefined) {
      output = new Output((line, lost) => this.#post({ w: 'output', seat, line, lost }));
      this.#outputs.set(seat, output);
    }
    output.add(text);
  }

  #post(message: FromThread): void {
    this.#port.postMessage(message);
  }
}
