/**
 * Text from the network may hold what databases cannot keep: PostgreSQL refuses U+0000, libsql cuts the text there,
 * and half a surrogate pair becomes U+FFFD. Such text is stored as JSON behind a mark; all other text is stored as it
 * is, so that a person can read the file. Equal texts stay equal, different texts stay different.
 */
const MARK = '\u0001';
/** With the `u` flag, halves that form a pair do not match. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** The form in which `text` is stored. */
export function storedText(text: string): string {
  const awkward = text.includes('\0') || text.startsWith(MARK) || LONE_SURROGATE.test(text);
  return awkward ? MARK + JSON.stringify(text) : text;
}

/** Undoes {@link storedText}. */
export function exactText(stored: string): string {
  return stored.startsWith(MARK) ? (JSON.parse(stored.slice(MARK.length)) as string) : stored;
}
