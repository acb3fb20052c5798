import { type Deferred, deferred } from '../../platform/deferred.ts';

/** What waits for one consumer. It may be asked several times before the first answer; each value is given once. */
export class HitQueue<T> {
  readonly #values: T[] = [];
  #head = 0;
  #asked: Deferred<IteratorResult<T, undefined>>[] = [];
  #end: { readonly error: unknown } | 'plain' | undefined;

  /** Values that nobody has fetched. */
  get size(): number {
    return this.#values.length - this.#head;
  }

  push(value: T): void {
    if (this.#end !== undefined) return;
    const asked = this.#asked.shift();
    if (asked) asked.resolve({ done: false, value });
    else this.#values.push(value);
  }

  /** No more values come. What waits can still be fetched; then the consumer gets `error`, once, or the end. */
  end(failure?: { readonly error: unknown }): void {
    if (this.#end !== undefined) return;
    this.#end = failure ?? 'plain';
    for (const asked of this.#asked.splice(0)) this.#finish(asked);
  }

  /** Throws away what waits. */
  clear(): void {
    this.#values.length = 0;
    this.#head = 0;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const asked = deferred<IteratorResult<T, undefined>>();
    if (this.size > 0) {
      asked.resolve({ done: false, value: this.#shift() });
    } else if (this.#end === undefined) this.#asked.push(asked);
    else this.#finish(asked);
    return asked.promise;
  }

  #shift(): T {
    const value = this.#values[this.#head++]!;
    // What was fetched is let go of in pieces: shifting one by one would move all the others each time.
    if (this.#head >= 256 || this.#head === this.#values.length) {
      this.#values.splice(0, this.#head);
      this.#head = 0;
    }
    return value;
  }

  #finish(asked: Deferred<IteratorResult<T, undefined>>): void {
    const end = this.#end;
    this.#end = 'plain';
    if (end === undefined || end === 'plain') asked.resolve({ done: true, value: undefined });
    else asked.reject(end.error);
  }
}
