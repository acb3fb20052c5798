import type { StoreService } from '../plugins/host/services.ts';

/** A plugin's key-values, to look at and to prepare. */
export class TestStore {
  readonly #kv: StoreService;
  readonly #instance: string;

  constructor(kv: StoreService, instance: string) {
    this.#kv = kv;
    this.#instance = instance;
  }

  /** `T` is what is stored there; nobody checks it. */
  async get<T>(key: string): Promise<T | undefined> {
    return (await this.#kv.get(this.#instance, key))?.value as T | undefined;
  }

  set(key: string, value: unknown): Promise<void> {
    return this.#kv.set(this.#instance, key, value, undefined);
  }

  keys(prefix = ''): Promise<readonly string[]> {
    return this.#kv.keys(this.#instance, prefix);
  }
}
