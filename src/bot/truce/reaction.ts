/** One line of somebody that came right after a line of ours. Times are milliseconds since the epoch. */
export interface Reaction {
  readonly text: string;
  readonly at: number;
  /** Their line before this one. */
  readonly before?: { readonly text: string; readonly at: number };
  readonly ours: { readonly text: string; readonly at: number };
  /** They have said more since the line of ours before: they do not wait for us, and when it came says nothing. */
  readonly ownPace: boolean;
  /** It calls a command that the bot has. */
  readonly command: boolean;
}

/** Nobody reads a line and sends an answer in less; in milliseconds. */
const READ_MS = 400;
/** Before the first letter, and for each: twenty letters a second are more than people type for more than a moment. */
const START_MS = 300;
const LETTER_MS = 50;
/** An echo has so many words in common, a template so many letters. */
const MIN_WORDS = 4;
const MIN_LETTERS = 15;

/**
 * Whether no person can have written it: it came sooner than ours can be read, in less time than it takes to type, in the
 * same words as before without being a command, or in ours. Each of these happens to people once in a while; nobody
 * does it every time.
 */
export function isInhuman(reaction: Reaction): boolean {
  const { text, at, before, ours, command, ownPace } = reaction;
  if (!ownPace && at - ours.at < READ_MS) return true;
  const began = before?.at ?? ours.at;
  if (at - began < START_MS + LETTER_MS * lettersToType(text, before?.text ?? '')) return true;
  const words = skeleton(text);
  if (echoes(words, skeleton(ours.text))) return true;
  return (
    !command &&
    before !== undefined &&
    words.join('').length >= MIN_LETTERS &&
    same(words, skeleton(before.text))
  );
}

/** What a person types who has the line before at hand: what it shares with it at both ends is free. */
function lettersToType(text: string, before: string): number {
  let start = 0;
  while (start < text.length && start < before.length && text[start] === before[start]) start++;
  let end = 0;
  while (
    end < text.length - start &&
    end < before.length - start &&
    text[text.length - 1 - end] === before[before.length - 1 - end]
  )
    end++;
  return text.length - start - end;
}

/** A text without what changes from one time to the next. */
function skeleton(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/\d+/g, '0')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.filter((word, index) => word !== b[index]).length <= a.length / 4;
}

/** Three of four of our words, in a line that is not much longer. */
function echoes(theirs: readonly string[], ours: readonly string[]): boolean {
  if (ours.length < MIN_WORDS || theirs.length > ours.length * 3) return false;
  const said = new Set(theirs);
  return ours.filter((word) => said.has(word)).length >= ours.length * 0.75;
}
