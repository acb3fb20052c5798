/** Variation selectors, joiners, directions, tags: nobody sees them. Soft hyphen and Hangul fillers as well. */
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}\u115f\u1160\u3164\uffa0]/gu;

/**
 * A text as it reads: lower case, without accents, without what cannot be seen; full-width, mathematical and circled
 * letters are the plain ones.
 */
export function fold(text: string): string {
  // Case last, again: NFKD makes upper-case letters of some symbols.
  return text.normalize('NFKD').toLowerCase().replace(INVISIBLE, '').normalize('NFKC').toLowerCase();
}

/** The same for comparing lines: only letters and digits, one space between words. */
export function bare(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
