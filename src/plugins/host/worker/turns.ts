// Taken now: a plugin may replace the global.
const nextTurn = globalThis.setImmediate;

/**
 * Says when a message was dealt with: when every promise reaction and every immediate that it led to has run, the module
 * that it made load is there, and everything that came of it is sent.
 */
export class Turns {
  readonly #done: (turn: number) => void;
  readonly #unsent: () => boolean;
  #latest = 0;
  #queued = false;
  #loading = 0;

  /** @param unsent whether something waits to be sent; `check` must be called when it does not any more */
  constructor(done: (turn: number) => void, unsent: () => boolean) {
    this.#done = done;
    this.#unsent = unsent;
  }

  /** A message came and its code has run. */
  received(turn: number): void {
    this.#latest = turn;
    this.check();
  }

  /** No turn ends until `loaded` was called as often. */
  load(): void {
    this.#loading++;
  }

  loaded(): void {
    if (this.#loading === 0) return;
    this.#loading--;
    this.check();
  }

  check(): void {
    if (this.#queued || this.#latest === 0) return;
    this.#queued = true;
    // Two: what promise reactions queue in the first runs after it.
    nextTurn(() => nextTurn(() => this.#end()));
  }

  #end(): void {
    this.#queued = false;
    if (this.#loading > 0 || this.#unsent()) return;
    const turn = this.#latest;
    this.#latest = 0;
    this.#done(turn);
  }
}
