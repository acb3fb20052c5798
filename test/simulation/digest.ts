/**
 * A fingerprint of everything that happened in a run, in order: two runs with the same digest went the same way. Made
 * for millions of small numbers; it protects against chance, not against malice.
 */
export class Digest {
  #a = 0x9e3779b9;
  #b = 0x85ebca6b;

  /** Adds an integer; of larger ones the lower 32 bits. */
  add(value: number): void {
    const word = value | 0;
    this.#a = Math.imul(this.#a ^ word, 0x01000193) ^ (this.#a >>> 15);
    this.#b = (Math.imul(this.#b, 31) + word + (this.#b >>> 7)) | 0;
  }

  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
    this.add(-1 - text.length);
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return [this.#a, this.#b].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
