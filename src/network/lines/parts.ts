import { byteLength, splitLine, toLines } from './split.ts';

/** Lines that one text may become; a longer one is refused whole. At a line every 6 s it would flood for minutes. */
export const MAX_PARTS = 20;

/** Bytes of the longest mark, ` (20/20)`. */
const MARK_BYTES = byteLength(mark(MAX_PARTS - 1, MAX_PARTS));

/**
 * The lines that a text becomes, each of at most `limit` bytes of UTF-8 and no two the same: the guard against
 * repetitions would eat the second. One that repeats an earlier one gets a mark, ` (2/4)`; the text is split a little
 * shorter then, so that marks fit. More than {@link MAX_PARTS} come back unmarked.
 */
export function toParts(text: string, limit: number): string[] {
  const lines = toLines(text);
  const split = (bytes: number) => lines.flatMap((line) => splitLine(line, bytes));
  const whole = split(limit);
  if (areDistinct(whole) || whole.length > MAX_PARTS) return whole;
  const parts = split(limit - MARK_BYTES);
  if (parts.length > MAX_PARTS) return parts;
  const marked = parts.map((part, index) =>
    parts.indexOf(part) < index ? part + mark(index, parts.length) : part,
  );
  // A text that brings such marks itself: with one at every part all are different.
  return areDistinct(marked) ? marked : parts.map((part, index) => part + mark(index, parts.length));
}

/**
 * The same with `name: ` before each part; empty when the name leaves no room for text, or the text begins like that
 * already.
 */
export function toPartsFor(name: string, text: string, limit: number): string[] {
  const address = `${toLines(name).join(' ')}: `;
  const left = limit - byteLength(address);
  if (left < limit / 2 || text.startsWith(address)) return [];
  return toParts(text, left).map((part) => address + part);
}

function mark(index: number, count: number): string {
  return ` (${index + 1}/${count})`;
}

function areDistinct(parts: readonly string[]): boolean {
  return new Set(parts).size === parts.length;
}
