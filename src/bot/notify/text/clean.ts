/** Everything that would begin a new line, or that a terminal or a protocol acts upon. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/** A text as one line: no line break, no other control character, no half of a surrogate pair. */
export function oneLine(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(CONTROL, ' ')
    .trim();
}

/** A link as it may leave: of the web, with everything encoded that has no place in one. Undefined: it is none. */
export function webLink(link: string): string | undefined {
  try {
    const { protocol, href, username, password } = new URL(link);
    const isWeb = protocol === 'https:' || protocol === 'http:';
    return isWeb && username === '' && password === '' ? href.replaceAll("'", '%27') : undefined;
  } catch {
    return undefined;
  }
}
