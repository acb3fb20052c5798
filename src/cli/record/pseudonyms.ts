/** In place of a name that was found in a text and cannot be told from others. */
const SOMEBODY = 'somebody';

/** Names are replaced by others, the same ones every time, in texts as well, there in any case. */
export class Pseudonyms {
  readonly #users: Map<string, string>;
  readonly #rooms = new Map<string, string>();
  readonly #taken: ReadonlySet<string>;
  readonly #counts = { user: 0, room: 0 };
  #texts: { readonly pattern: RegExp; readonly folded: ReadonlyMap<string, string> } | undefined;

  /** @param fixed names whose pseudonyms are known: the bot's */
  constructor(fixed: Readonly<Record<string, string>> = {}) {
    this.#users = new Map(Object.entries(fixed));
    this.#taken = new Set(Object.values(fixed));
  }

  user(name: string): string {
    return this.#named(this.#users, name, 'user');
  }

  room(name: string): string {
    return this.#named(this.#rooms, name, 'room');
  }

  /** A text with every name replaced that was seen so far. A name that nobody bore yet is not known for one. */
  text(text: string): string {
    this.#texts ??= this.#forTexts();
    const { pattern, folded } = this.#texts;
    return text.replace(
      pattern,
      (found) =>
        this.#users.get(found) ?? this.#rooms.get(found) ?? folded.get(found.toLowerCase()) ?? SOMEBODY,
    );
  }

  #forTexts() {
    const names = [...this.#rooms, ...this.#users];
    return {
      pattern: patternOf(names.map(([name]) => name)),
      folded: new Map(names.map(([name, pseudonym]) => [name.toLowerCase(), pseudonym])),
    };
  }

  #named(names: Map<string, string>, name: string, kind: 'user' | 'room'): string {
    const known = names.get(name);
    if (known !== undefined) return known;
    let pseudonym: string;
    do {
      this.#counts[kind] += 1;
      pseudonym = `${kind}${this.#counts[kind]}`;
    } while (this.#taken.has(pseudonym));
    names.set(name, pseudonym);
    this.#texts = undefined;
    return pseudonym;
  }
}

/** Longer names first, and whole words only: `al` is not in `also`. */
function patternOf(names: readonly string[]): RegExp {
  const escaped = names
    .filter((name) => name !== '')
    .sort((a, b) => b.length - a.length)
    // Nothing else may be escaped in a pattern for Unicode.
    .map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|') || '(?!)'})(?![\\p{L}\\p{N}_])`, 'giu');
}
