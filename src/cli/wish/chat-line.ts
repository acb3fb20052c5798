/** The console's name for the command that people call `wish` in a chat. */
const COMMAND = 'wish-console';

/**
 * Words of a shell as one line of a chat. The shell has taken quotes away: what holds spaces gets them back, for an option
 * behind its sign.
 */
export function chatLine(words: readonly string[]): string {
  return [COMMAND, ...words.map(typed)].join(' ');
}

function typed(word: string): string {
  // Whoever gave the shell quotes within quotes means them for the wishlist.
  if (word !== '' && !/\s/u.test(word)) return word;
  if (word.includes('"')) return word;
  const [, key = '', value = word] = /^([a-z][a-z-]*=|-)(.*)$/isu.exec(word) ?? [];
  return `${key}"${value}"`;
}
