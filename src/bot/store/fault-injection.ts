import type { SqlBackend, SqlResult } from './sql-backend.ts';

/** Stands for the end of the process: nothing after it happens. */
export class CrashError extends Error {
  override readonly name = 'CrashError';
}

/**
 * A backend that dies where a test wants it to, to show that the bot survives a `kill -9` between any two writes.
 * What counts is statements that write, and commits. `before`: the process died before the statement took
 * effect; `after`: it took effect, and nobody learned of it.
 */
export class FaultyBackend implements SqlBackend {
  readonly engine: SqlBackend['engine'];
  readonly #inner: SqlBackend;
  #writes = 0;
  #crashAt = Infinity;
  #when: 'before' | 'after' = 'before';
  #crashed = false;
  #failure: (() => Error) | undefined;

  constructor(inner: SqlBackend) {
    this.#inner = inner;
    this.engine = inner.engine;
  }

  /** Writes seen so far, across crashes. */
  get writes(): number {
    return this.#writes;
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  get inTransaction(): boolean {
    return !this.#crashed && this.#inner.inTransaction;
  }

  /** Dies at the `n`-th write from now (1 is the next one). */
  crashAfter(n: number, when: 'before' | 'after' = 'before'): void {
    this.#crashAt = this.#writes + n;
    this.#when = when;
  }

  /** From now on every write fails with `failure()`, as on a full disk; without it they work again. */
  failWrites(failure?: () => Error): void {
    this.#failure = failure;
  }

  /** What a new process finds: what was not committed is gone. To be handed to a new `openStore`. */
  async revive(): Promise<FaultyBackend> {
    if (this.#inner.inTransaction) await this.#inner.query('rollback', []);
    this.#crashed = true;
    return new FaultyBackend(this.#inner);
  }

  async query(sql: string, parameters: readonly unknown[]): Promise<SqlResult> {
    if (this.#crashed) throw new CrashError('The process has ended');
    if (!/^\s*(insert|update|delete|create|drop|alter|commit)\b/i.test(sql))
      return this.#inner.query(sql, parameters);
    if (this.#failure !== undefined) throw this.#failure();
    this.#writes++;
    if (this.#writes < this.#crashAt) return this.#inner.query(sql, parameters);
    if (this.#when === 'after') await this.#inner.query(sql, parameters);
    this.#crashed = true;
    throw new CrashError(`The process ended ${this.#when} write ${this.#writes}`);
  }

  async close(): Promise<void> {
    // The database itself lives on for the next process.
    if (!this.#crashed) await this.#inner.close();
  }
}
