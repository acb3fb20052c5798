/**
 * Data about a person in the plugin's key-values and timers, so that `!mydata` shows and `!forgetme` deletes it without
 * the plugin's help. Everything that a plugin keeps about people belongs here.
 */
export interface PersonalKeys {
  /**
   * Which keys, e.g. `u/{user}`: `{user}` stands for the exact name, `*` for anything without a `/`, `**` for anything. A name
   * is never read as a pattern.
   */
  readonly keys: string;
  /** What it is, in words for that person: `when you last spoke`. */
  readonly what: string;
  /** Timers of this kind instead of key-values. */
  readonly timer?: string;
}

/** For data about people that is not under a key of its own. */
export interface PersonalHandlers {
  /** What it is, in words for that person. */
  readonly what: string;
  /** What is kept about the user; undefined or empty: nothing. Plain data. */
  show(user: string): unknown;
  /** Deletes it. @returns how many things were deleted. */
  forget(user: string): number | Promise<number>;
}
