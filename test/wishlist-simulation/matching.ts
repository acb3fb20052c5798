/*
 * What matches what, written a second time on purpose: nothing here comes from the bot or from the sandbox, so that a
 * mistake of theirs is not made here as well.
 */

/** A file as its owner has it. */
export interface ModelFile {
  readonly folder: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Seconds. */
  readonly duration: number;
  /** kbit/s; lossy files only. */
  readonly bitrate?: number;
  readonly locked?: boolean;
}

export const pathOf = ({ folder, name }: ModelFile): string => `${folder}\\${name}`;

/** The same for the same music, whoever has it and in whatever folder: what a content is in these libraries. */
export const contentOf = ({ name, size, duration }: ModelFile): string =>
  `${name.toLowerCase()}|${size}|${duration}`;

/** Lower-case words of a text. */
export const wordsIn = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** Whether somebody who shares this path answers this search, as it went over the wire. */
export function answers(sent: string, path: string): boolean {
  const words = new Set(wordsIn(path));
  let wanted = 0;
  for (const term of sent.split(' ')) {
    const excluded = term.startsWith('-');
    for (const word of wordsIn(term)) {
      if (words.has(word) === excluded) return false;
      if (!excluded) wanted += 1;
    }
  }
  return wanted > 0;
}

/** Whether these words follow each other somewhere in the path. */
export function hasPhrase(path: string, phrase: readonly string[]): boolean {
  return ` ${wordsIn(path).join(' ')} `.includes(` ${phrase.join(' ')} `);
}
