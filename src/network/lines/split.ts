/** What the server takes at most, in bytes; longer lines vanish without a word [soulfind]. */
export const MAX_LINE_BYTES = 2048;

/**
 * Bytes of one line unless said otherwise: about what is readable in a room. Lines are what is scarce (10 a minute),
 * so it is not smaller.
 */
export const DEFAULT_LINE_BYTES = 500;

/** The smallest limit that makes sense, in bytes: every grapheme in everyday use fits. */
export const MIN_LINE_BYTES = 32;

const encoder = new TextEncoder();

/** Bytes of the text in UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length;

/**
 * The lines of a text as they may leave: never a CR or LF, other control characters as spaces, nothing around
 * them, none empty. Halves of surrogate pairs become U+FFFD, as they would on the wire.
 */
export function toLines(text: string): string[] {
  return text
    .split(/[\r\n\u2028\u2029\u0085]+/u)
    .map((line) =>
      line
        .replace(/\p{Cs}/gu, '\uFFFD')
        .replace(/\p{Cc}+/gu, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

/**
 * One line in parts of at most `limit` bytes of UTF-8. It is cut at white space, which is dropped there; a word
 * that is longer is cut between graphemes, and a grapheme that is longer between code points.
 */
export function splitLine(line: string, limit: number): string[] {
  const parts: string[] = [];
  let part = '';
  let used = 0;
  const close = () => {
    if (part.trim() !== '') parts.push(part.trim());
    part = '';
    used = 0;
  };
  for (const piece of line.split(/(\s+)/u)) {
    const bytes = byteLength(piece);
    if (used + bytes <= limit) {
      part += piece;
      used += bytes;
      continue;
    }
    if (piece.trim() === '') {
      close();
      continue;
    }
    if (bytes <= limit) {
      close();
      part = piece;
      used = bytes;
      continue;
    }
    for (const atom of atoms(piece, limit)) {
      const size = byteLength(atom);
      if (used + size > limit) close();
      part += atom;
      used += size;
    }
  }
  close();
  return parts;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function* atoms(word: string, limit: number): Generator<string> {
  for (const { segment } of graphemes.segment(word)) {
    if (byteLength(segment) <= limit) yield segment;
    else yield* segment;
  }
}
