import { type Deferred, deferred } from '../../platform/deferred.ts';
import { PluginError } from '../api/errors.ts';

/**
 * Holds back what a plugin does to the world, in order, while another version of it is the one that counts. What it only
 * looks at goes through.
 */
export class CallGate {
  readonly #limit: number;
  readonly #waiting: { readonly method: string; readonly opened: Deferred<void> }[] = [];
  #closed = false;
  #refused: PluginError | undefined;

  /** @param limit how many calls may wait; more are rejected */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Methods that wait, each once. */
  get waiting(): readonly string[] {
    return [...new Set(this.#waiting.map(({ method }) => method))];
  }

  /** From now on calls wait. */
  close(): void {
    this.#closed = true;
  }

  /** Lets go what waits, and all that comes. */
  open(): void {
    this.#closed = false;
    for (const { opened } of this.#waiting.splice(0)) opened.resolve();
  }

  /** Unless the way is free: rejects what waits, and all that comes. */
  refuseIfClosed(error: PluginError): void {
    if (!this.#closed) return;
    this.#refused = error;
    for (const { opened } of this.#waiting.splice(0)) opened.reject(error);
  }

  /**
   * @returns undefined when the way is free.
   * @throws PluginError (also as rejection) `too-many`, or what `refuseIfClosed` was given.
   */
  pass(method: string): Promise<void> | undefined {
    if (this.#refused !== undefined) throw this.#refused;
    if (!this.#closed) return undefined;
    if (this.#waiting.length >= this.#limit) {
      throw new PluginError(
        'too-many',
        `bot.${method}: ${this.#limit} calls wait already until this version of the plugin takes over`,
      );
    }
    const opened = deferred();
    this.#waiting.push({ method, opened });
    return opened.promise;
  }
}
