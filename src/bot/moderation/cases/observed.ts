import type { Log } from '../../../platform/log.ts';

/** Somebody is no member of a room any more. */
export interface Removal {
  readonly room: string;
  readonly user: string;
  readonly at: number;
}

/** Notes what others did, one after the other. */
export class Observations {
  readonly #log: Log;
  readonly #write: (removal: Removal) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(log: Log, write: (removal: Removal) => Promise<void>) {
    this.#log = log;
    this.#write = write;
  }

  get active(): number {
    return this.#waiting;
  }

  note(removal: Removal): void {
    this.#waiting += 1;
    this.#last = this.#last
      .then(() => this.#write(removal))
      .catch((error: unknown) => {
        this.#log.error('What was seen could not be written down', { ...removal, error });
      })
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  idle(): Promise<void> {
    return this.#last;
  }
}
