import { PluginError } from '../../api/errors.ts';
import { fromWireError, type WireError } from '../wire-error.ts';

interface Pending {
  readonly method: string;
  readonly long: boolean;
  readonly within: number | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: PluginError) => void;
}

interface Waiting extends Pending {
  readonly args: readonly unknown[];
}

/** @param within the host's call during which the plugin makes it */
type Send = (call: number, method: string, args: readonly unknown[], within: number | undefined) => void;

/** More waiting calls than this are a loop that never awaits. */
const MAX_WAITING = 10_000;

/**
 * The plugin's calls to the host. So many are under way at once; the rest waits here, in order. Calls that may take
 * long (receipts, room administration) have a limit of their own, so that they hold nobody up.
 */
export class CallTable {
  readonly #send: Send;
  readonly #maxCalls: number;
  readonly #maxLong: number;
  readonly #pending = new Map<number, Pending>();
  #waiting: Waiting[] = [];
  #short = 0;
  #long = 0;
  #next = 1;
  #closed: PluginError | undefined;

  constructor(send: Send, limits: { readonly calls: number; readonly waits: number }) {
    this.#send = send;
    this.#maxCalls = limits.calls;
    this.#maxLong = limits.waits;
  }

  /** Calls under way or waiting. */
  get size(): number {
    return this.#pending.size + this.#waiting.length;
  }

  /** @throws PluginError (as rejection) the host's, `too-many`, or `unloaded`. */
  call(
    method: string,
    args: readonly unknown[],
    long: boolean,
    within: number | undefined,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) reject(this.#closed);
      else if (long && this.#long >= this.#maxLong) {
        reject(new PluginError('too-many', `${method}: ${this.#maxLong} such calls are waiting already`));
      } else if (this.#waiting.length >= MAX_WAITING) {
        reject(
          new PluginError('too-many', `${method}: ${MAX_WAITING} calls are waiting already; await them`),
        );
      } else {
        const pending = { method, args, long, within, resolve, reject };
        if (long || this.#short < this.#maxCalls) this.#start(pending);
        else this.#waiting.push(pending);
      }
    });
  }

  /** The host's answer came. */
  settle(call: number, outcome: { readonly value: unknown } | { readonly error: WireError }): void {
    const pending = this.#pending.get(call);
    if (pending === undefined) return;
    this.#pending.delete(call);
    if (pending.long) this.#long--;
    else this.#short--;
    if ('error' in outcome) pending.reject(fromWireError(outcome.error));
    else pending.resolve(outcome.value);
    while (this.#short < this.#maxCalls && this.#waiting.length > 0) this.#start(this.#waiting.shift()!);
  }

  /** Rejects everything, and all that comes. */
  close(reason: PluginError): void {
    this.#closed = reason;
    for (const pending of [...this.#pending.values(), ...this.#waiting]) pending.reject(reason);
    this.#pending.clear();
    this.#waiting = [];
  }

  #start(waiting: Waiting): void {
    const { method, args, long, within, resolve, reject } = waiting;
    const call = this.#next++;
    try {
      this.#send(call, method, args, within);
    } catch (error) {
      reject(
        error instanceof PluginError ? error : new PluginError('failed', String(error), { cause: error }),
      );
      return;
    }
    if (long) this.#long++;
    else this.#short++;
    this.#pending.set(call, { method, long, within, resolve, reject });
  }
}
