import { randomBytes } from 'node:crypto';
import type { Random } from '../random.ts';
import { uniformFloat, uniformInt } from '../uniform.ts';

/** A call into the system costs as much as a few hundred bytes do. */
const POOL_BYTES = 1024;

/** The system's cryptographic randomness: nobody can guess the next value. */
export class CryptoRandom implements Random {
  #pool = Buffer.alloc(0);
  #at = 0;
  readonly #next = (): number => this.u32();

  u32(): number {
    if (this.#at + 4 > this.#pool.length) {
      this.#pool = randomBytes(POOL_BYTES);
      this.#at = 0;
    }
    const value = this.#pool.readUInt32LE(this.#at);
    this.#at += 4;
    return value;
  }

  float(): number {
    return uniformFloat(this.#next);
  }

  /** @throws RangeError when the bounds are not safe integers in order. */
  int(min: number, max: number): number {
    return uniformInt(this.#next, min, max);
  }

  bytes(length: number): Uint8Array {
    return randomBytes(length);
  }
}
