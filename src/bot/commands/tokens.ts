/** One word of a command line. */
export interface Token {
  readonly text: string;
  /** It stood in quotes, so it is never taken for a flag or for nothing. */
  readonly quoted: boolean;
  /** Where it begins and ends in the line (end exclusive), quotes included. */
  readonly start: number;
  readonly end: number;
}

/** `token` is absent at the end of the line. */
export type TokenResult =
  | { readonly ok: true; readonly token?: Token }
  | { readonly ok: false; readonly problem: string };

/** Opening quote → closing quotes. Phones and word processors type the curly ones; `„` closes differently by country. */
const quotes = new Map([
  ['"', '"'],
  ['“', '”“'],
  ['”', '”'],
  ['„', '“”'],
  ['«', '»'],
]);

/**
 * Reads the word at or after `from`. Double quotes keep words together; inside them `\"` and `\\` stand for the
 * character itself, and everywhere else a backslash is ordinary, because remote paths are full of them.
 * An apostrophe is not a quote: people write "don't".
 */
export function readToken(line: string, from: number): TokenResult {
  let start = from;
  while (start < line.length && isSpace(line[start]!)) start += 1;
  if (start >= line.length) return { ok: true };
  const closing = quotes.get(line[start]!);
  if (closing !== undefined) {
    const word = readQuoted(line, start + 1, closing);
    if (!word) return { ok: false, problem: `the quote ${line[start]!} is never closed` };
    return { ok: true, token: { text: word.text, quoted: true, start, end: word.end } };
  }
  let end = start;
  while (end < line.length && !isSpace(line[end]!)) end += 1;
  return { ok: true, token: { text: line.slice(start, end), quoted: false, start, end } };
}

function readQuoted(line: string, from: number, closing: string): { text: string; end: number } | undefined {
  let text = '';
  for (let at = from; at < line.length; at += 1) {
    const char = line[at]!;
    const next = line[at + 1];
    if (char === '\\' && next !== undefined && (closing.includes(next) || next === '\\')) {
      text += next;
      at += 1;
    } else if (closing.includes(char)) return { text, end: at + 1 };
    else text += char;
  }
  return undefined;
}

function isSpace(char: string): boolean {
  return /\s/u.test(char);
}
