/** Longest room name, bytes (= characters, since only ASCII is allowed) [aioslsk] [soulfind]. */
const MAX_ROOM_NAME = 24;

/**
 * The rule that a room name breaks, as a short sentence, or undefined when the server would take it.
 * Checked in the server's order [soulfind], so that the answer is the one the server would give.
 */
export function roomNameProblem(name: string): string | undefined {
  if (name === '') return 'the room name is empty';
  if (Buffer.byteLength(name) > MAX_ROOM_NAME) {
    return `the room name is longer than ${MAX_ROOM_NAME} characters (${Buffer.byteLength(name)} bytes)`;
  }
  if (name.startsWith(' ') || name.endsWith(' ')) return 'the room name begins or ends with a space';
  for (const character of name) {
    if (character < ' ' || character > '~') {
      return `the room name contains ${JSON.stringify(character)}; only printable ASCII is allowed`;
    }
  }
  if (name.includes('  ')) return 'the room name contains two spaces in a row';
  return undefined;
}
