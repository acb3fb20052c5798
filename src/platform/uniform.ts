const TWO_32 = 0x1_0000_0000;

/** A float in [0, 1) with all 53 bits random, from a source of 32-bit integers. */
export function uniformFloat(u32: () => number): number {
  return ((u32() >>> 5) * 0x400_0000 + (u32() >>> 6)) / 0x20_0000_0000_0000;
}

/**
 * An integer in [min, max], both included, without modulo bias, from a source of 32-bit integers.
 * @throws RangeError when the bounds are not safe integers in order, or lie 2^53 or more apart.
 */
export function uniformInt(u32: () => number, min: number, max: number): number {
  const size = max - min + 1;
  if (
    !Number.isSafeInteger(min) ||
    !Number.isSafeInteger(max) ||
    size < 1 ||
    size > Number.MAX_SAFE_INTEGER
  ) {
    throw new RangeError(`No integers to choose from in [${min}, ${max}]`);
  }
  if (size <= TWO_32) {
    const limit = TWO_32 - (TWO_32 % size);
    for (;;) {
      const value = u32();
      if (value < limit) return min + (value % size);
    }
  }
  const whole = 2 ** 53;
  const limit = whole - (whole % size);
  for (;;) {
    const value = (u32() >>> 11) * TWO_32 + u32();
    if (value < limit) return min + (value % size);
  }
}
