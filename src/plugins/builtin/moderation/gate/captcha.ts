/** Words that everybody can write, and whose letters are all different enough. */
const WORDS = (
  'anchor basket candle desert engine flower garden hammer island jacket kettle lantern marble needle orange pencil ' +
  'quartz ribbon saddle tunnel umbrella velvet window yellow zipper bridge castle dragon forest guitar harbor ' +
  'jungle ladder magnet ocean planet rocket silver timber violin walnut'
).split(' ');

/** A word to be written backwards. @param random of [0, 1) */
export function pickWord(random: number): string {
  return WORDS[Math.floor(random * WORDS.length)] ?? WORDS[0]!;
}

/** Whether somebody wrote it backwards, whatever stands around it. */
export function isBackwards(text: string, word: string): boolean {
  const backwards = Array.from(word).reverse().join('');
  return text.toLowerCase().replace(/[^a-z]/g, '') === backwards;
}
