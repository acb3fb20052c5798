import type { Outcome, Sender } from '../parcel.ts';

/** A channel that the config does not describe whole: what it is to tell waits for another config. */
export class BrokenSender implements Sender {
  readonly #problem: string;

  constructor(problem: string) {
    this.#problem = problem;
  }

  available(): string {
    return this.#problem;
  }

  async send(): Promise<Outcome> {
    return { how: 'failed', problem: this.#problem };
  }
}
