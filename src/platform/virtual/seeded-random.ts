import type { Random } from '../random.ts';
import { uniformFloat, uniformInt } from '../uniform.ts';

/**
 * Repeatable randomness (sfc32): equal seeds give equal streams, on every machine. Not for secrets.
 */
export class SeededRandom implements Random {
  readonly #seed: string;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;
  readonly #next = (): number => this.u32();

  /** @param seed any number or text; the number 7 and the text '7' are the same seed. */
  constructor(seed: number | string) {
    this.#seed = String(seed);
    [this.#a, this.#b, this.#c] = hash(this.#seed);
    // The first outputs still resemble the seed.
    for (let i = 0; i < 12; i++) this.u32();
  }

  /**
   * An independent stream, chosen by this generator's seed and `label` alone: how much was drawn from this one
   * before changes nothing, and the same label gives the same stream again.
   */
  fork(label: string): SeededRandom {
    // The length keeps ('a', 'b/c') and ('a/b', 'c') apart.
    return new SeededRandom(`${this.#seed}/${label.length}:${label}`);
  }

  u32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  float(): number {
    return uniformFloat(this.#next);
  }

  int(min: number, max: number): number {
    return uniformInt(this.#next, min, max);
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i += 4) {
      const word = this.u32();
      for (let j = 0; j < 4 && i + j < length; j++) bytes[i + j] = word >>> (8 * j);
    }
    return bytes;
  }
}

/** 96 well mixed bits of a text (a shortened cyrb128). */
function hash(text: string): [number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = b ^ Math.imul(a ^ unit, 597399067);
    b = c ^ Math.imul(b ^ unit, 2869860233);
    c = a ^ Math.imul(c ^ unit, 951274213);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(a ^ (b >>> 22), 2869860233);
  c = Math.imul(b ^ (c >>> 17), 951274213);
  return [a | 0, b | 0, c | 0];
}
