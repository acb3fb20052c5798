/**
 * Letters of other alphabets that pass for Latin ones, and symbols that only look like letters. What NFKD takes apart
 * (full width, mathematical, circled, accents) need not be here.
 */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  a: 'аɑα',
  b: 'ЬЪвβƄ',
  c: 'сϲᴄ',
  d: 'ԁɗ',
  e: 'еєҽɛ',
  f: 'ғƒ',
  g: 'ɡԍ',
  h: 'һнԋ',
  i: 'іıιɪӏ',
  j: 'јʝ',
  k: 'кκ',
  l: 'ⅼʟ',
  m: 'мᴍ',
  n: 'пηո',
  o: 'оοσօ',
  p: 'рρ',
  q: 'ԛզ',
  r: 'гᴦ',
  s: 'ѕꜱ',
  t: 'тτ',
  u: 'υսᴜ',
  v: 'ѵνᴠ',
  w: 'ԝѡω',
  x: 'хχ',
  y: 'уүγ',
  z: 'ᴢʐ',
};

const LATIN = new Map(
  Object.entries(LOOK_ALIKES).flatMap(([latin, others]) =>
    Array.from(others.toLowerCase(), (other) => [other, latin] as const),
  ),
);

/** The Latin letters that a lower-case text seems to be made of. */
export function asLatin(text: string): string {
  let out = '';
  for (const char of text) out += LATIN.get(char) ?? char;
  return out;
}
