/** Longer texts are compared by their beginning. */
const MAX_CHARS = 512;

/**
 * How alike two texts are, from 0 to 1: the part of their pairs of neighbouring characters that they have in common. 1 for
 * the same text; texts of fewer than two characters are the same or not alike at all. Takes time in proportion to both.
 */
export function similarity(a: string, b: string): number {
  return a === b ? 1 : alikeness(pairsOf(a), pairsOf(b));
}

/** The same of what {@link pairsOf} made of two texts that are not the same. */
export function alikeness(a: Uint32Array, b: Uint32Array): number {
  if (a.length === 0 || b.length === 0) return 0;
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i]!, b[j]!];
    if (left === right) common += 1;
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return (2 * common) / (a.length + b.length);
}

/** A text's pairs of neighbouring characters, in order. */
export function pairsOf(text: string): Uint32Array {
  const pairs = new Uint32Array(Math.max(Math.min(text.length, MAX_CHARS) - 1, 0));
  for (let i = 0; i < pairs.length; i += 1)
    pairs[i] = text.charCodeAt(i) * 0x1_00_00 + text.charCodeAt(i + 1);
  return pairs.sort();
}
