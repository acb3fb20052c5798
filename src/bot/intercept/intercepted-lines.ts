import type { LineReceipt } from '../../plugins/api/lines.ts';
import type { LineOptions } from '../../plugins/host/services.ts';
import { KeyedQueue } from '../runtime/keyed-queue.ts';
import type { LinePlace, LineSender } from '../truce/truced-lines.ts';
import type { Interceptors } from './interceptors.ts';

/** Takes lines past the interceptors to the queue. Those of one plugin to one place keep their order. */
export class InterceptedLines implements LineSender {
  readonly #lines: LineSender;
  readonly #interceptors: Interceptors;
  readonly #lanes = new KeyedQueue();
  #dropped = 0;

  constructor(lines: LineSender, interceptors: Interceptors) {
    this.#lines = lines;
    this.#interceptors = interceptors;
  }

  /** Lines that wait for an answer. */
  get waiting(): number {
    return this.#lanes.size;
  }

  send(
    instance: string,
    to: LinePlace,
    texts: readonly string[],
    options: LineOptions,
    addressee?: string,
  ): Promise<LineReceipt> {
    if (!this.#interceptors.outgoing && this.#lanes.size === 0)
      return this.#lines.send(instance, to, texts, options, addressee);
    const pass = () => this.#pass(instance, to, texts, options, addressee);
    // What is said from inside an interceptor must not wait for the line that this was asked about.
    if (this.#interceptors.isAsked(instance)) return pass();
    return this.#lanes.run(JSON.stringify([instance, to.kind, to.to]), pass);
  }

  async #pass(
    instance: string,
    { kind, to }: LinePlace,
    texts: readonly string[],
    options: LineOptions,
    addressee: string | undefined,
  ): Promise<LineReceipt> {
    const { priority } = options;
    const passed = await this.#interceptors.send({ kind, to, text: texts, priority, plugin: instance });
    if (passed === undefined || 'text' in passed)
      return this.#lines.send(instance, { kind, to }, passed?.text ?? texts, options, addressee);
    this.#dropped++;
    return { id: `${instance}/dropped-${this.#dropped}`, state: 'dropped', detail: passed.dropped };
  }
}
