import type { StatePort } from '../../../network/ports.ts';

const STATE = 'moderation';

export interface Halt {
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
}

/** Stops everything that rules do; what people order goes on. Outlives the process. */
export class KillSwitch {
  readonly #state: StatePort;
  #halt: Halt | undefined;

  constructor(state: StatePort) {
    this.#state = state;
  }

  /** Before anything else. @throws StoreError (as rejection). */
  async open(): Promise<void> {
    const doc = await this.#state.load(STATE);
    const { halt } = doc === undefined ? {} : (JSON.parse(doc) as { readonly halt?: Halt });
    this.#halt = halt;
  }

  get halted(): Halt | undefined {
    return this.#halt;
  }

  /** Counts at once; durable once resolved. @throws StoreError (as rejection); it counts for this run then. */
  async set(halt: Halt | undefined): Promise<void> {
    this.#halt = halt;
    await this.#state.save(STATE, JSON.stringify(halt === undefined ? {} : { halt }));
  }
}
