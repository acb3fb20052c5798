/** What looks like one letter and is written with two. */
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
];

/** What looks alike in the usual fonts, or is read as the same. Keys are lower case. */
const ALIKE: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'l',
  i: 'l',
  '|': 'l',
  '!': 'l',
  3: 'e',
  4: 'a',
  '@': 'a',
  5: 's',
  $: 's',
  7: 't',
  '+': 't',
  8: 'b',
  9: 'g',
  // Cyrillic and Greek letters with the shape of a Latin one.
  а: 'a',
  е: 'e',
  о: 'o',
  р: 'p',
  с: 'c',
  у: 'y',
  х: 'x',
  ѕ: 's',
  і: 'l',
  ј: 'j',
  ԁ: 'd',
  к: 'k',
  м: 'm',
  т: 't',
  в: 'b',
  н: 'h',
  α: 'a',
  ο: 'o',
  ν: 'v',
  ρ: 'p',
  ι: 'l',
  κ: 'k',
  τ: 't',
};

/**
 * A name as a hasty eye reads it: without case, accents, separators and repeated letters, look-alikes made one. Equal results
 * mean that two names are easily taken for each other; they are nothing to know anybody by, since names are exact.
 */
export function foldName(name: string): string {
  let folded = '';
  for (const character of plain(name)) folded += ALIKE[character] ?? character;
  for (const [pair, one] of PAIRS) folded = folded.replaceAll(pair, one);
  // Lllary and Llary; also what the pairs have left.
  return folded.replaceAll(/(.)\1+/gu, '$1');
}

/** Letters and digits, lower case, without accents; and the signs that stand for letters. */
function plain(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}|!@$+]/gu, '');
}
