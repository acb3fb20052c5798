/** Randomness as everything above the platform sees it: cryptographic in production, seeded in tests. */
export interface Random {
  /** A float in [0, 1). */
  float(): number;
  /** An integer in [min, max], both included. */
  int(min: number, max: number): number;
  /** An unsigned 32-bit integer, any value. */
  u32(): number;
  /** `length` random bytes. */
  bytes(length: number): Uint8Array;
}
