/** One word of what somebody typed: a part of the query, or an option. */
export interface Word {
  /** As it was typed, straight quotes instead of curly ones. */
  readonly raw: string;
  /** For `key=value`: what stands before and behind the sign. A word in quotes is never an option. */
  readonly option?: { readonly key: string; readonly value: string };
}

/** What the person typed is at fault; the message says what, for people. */
export class WordsError extends Error {}

const QUOTES = /[“”„«»]/gu;
const OPTION = /^([a-z][a-z-]*)=(.*)$/isu;

/**
 * Splits a line at its spaces. Double quotes keep words together at the beginning of a word, and behind `-`, `=` and `,`;
 * in them `\"` and `\\` stand for the sign itself.
 * @throws WordsError for a quote that is never closed.
 */
export function wordsOf(line: string): Word[] {
  const text = line.replaceAll(QUOTES, '"');
  const words: Word[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/u.test(text[at]!)) at += 1;
    else {
      const end = endOfWord(text, at);
      words.push(wordOf(text.slice(at, end)));
      at = end;
    }
  }
  return words;
}

function wordOf(raw: string): Word {
  const match = OPTION.exec(raw);
  return match === null ? { raw } : { raw, option: { key: match[1]!.toLowerCase(), value: match[2]! } };
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/\s/u.test(text[at]!)) {
    const opens = text[at] === '"' && (at === start || opensBehind(text, start, at));
    at = opens ? endOfQuote(text, at) : at + 1;
  }
  return at;
}

/** A quote within a word opens only where a value begins; `12"` is a record and no quote. */
function opensBehind(text: string, start: number, at: number): boolean {
  const before = text[at - 1];
  if (before === '-') return at - 1 === start;
  return (before === '=' || before === ',') && OPTION.test(text.slice(start, at));
}

function endOfQuote(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && isEscaped(text[at + 1])) at += 1;
    else if (text[at] === '"') return at + 1;
  }
  throw new WordsError('the quote " is never closed');
}

function isEscaped(char: string | undefined): boolean {
  return char === '"' || char === '\\';
}

/** Takes the quotes of a value away. */
export function unquoted(value: string): string {
  if (!/^".*"$/su.test(value) || value.length < 2) return value;
  return value.slice(1, -1).replaceAll(/\\(["\\])/gu, '$1');
}

/** Splits a value at its commas, those in quotes left alone. Empty parts are left out. */
export function partsOf(value: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let at = 0;
  while (at <= value.length) {
    if (at === value.length || value[at] === ',') {
      parts.push(unquoted(value.slice(start, at).trim()));
      start = at + 1;
      at += 1;
    } else if (value[at] === '"' && value.slice(start, at).trim() === '') at = endOfQuote(value, at);
    else at += 1;
  }
  return parts.filter((part) => part !== '');
}

/** A value so that it is read as the same one. @param list commas divide it */
export function quotedValue(value: string, list: boolean): string {
  const plain = value !== '' && !/[\s"“”„«»]/u.test(value) && !(list && value.includes(','));
  return plain ? value : `"${value.replaceAll(/["\\]/gu, '\\$&')}"`;
}
