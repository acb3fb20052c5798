const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * Reads a list of texts as Python writes it: `['one', "it's"]`.
 * @returns undefined when it is none.
 */
export function pythonTexts(source: string): string[] | undefined {
  const inside = /^\s*\[(.*)\]\s*$/su.exec(source)?.[1];
  if (inside === undefined) return undefined;
  const texts: string[] = [];
  let at = 0;
  for (;;) {
    while (at < inside.length && /\s/u.test(inside[at]!)) at += 1;
    if (at >= inside.length) return texts;
    const quote = inside[at];
    if (quote !== "'" && quote !== '"') return undefined;
    const read = pythonText(inside, at + 1, quote);
    if (read === undefined) return undefined;
    texts.push(read.text);
    at = read.end;
    while (at < inside.length && /\s/u.test(inside[at]!)) at += 1;
    if (at < inside.length && inside[at] !== ',') return undefined;
    at += 1;
  }
}

function pythonText(source: string, from: number, quote: string): { text: string; end: number } | undefined {
  let text = '';
  for (let at = from; at < source.length; at += 1) {
    const char = source[at]!;
    if (char === quote) return { text, end: at + 1 };
    if (char !== '\\') text += char;
    else {
      const code = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/u.exec(
        source.slice(at, at + 10),
      );
      const hex = code === null ? undefined : Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16);
      if (hex !== undefined && hex <= 0x10_ff_ff) {
        text += String.fromCodePoint(hex);
        at += code![0].length - 1;
      } else {
        const next = source[at + 1] ?? '';
        text += ESCAPES[next] ?? `\\${next}`;
        at += 1;
      }
    }
  }
  return undefined;
}
