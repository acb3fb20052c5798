import type { Hold } from '../clock.ts';

/** A hold that tells its clock, once, when it is released. */
export class VirtualHold implements Hold {
  readonly why: string;
  readonly #onRelease: (hold: VirtualHold) => void;
  #released = false;

  constructor(why: string, onRelease: (hold: VirtualHold) => void) {
    this.why = why;
    this.#onRelease = onRelease;
  }

  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#onRelease(this);
  }
}
