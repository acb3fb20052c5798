/** The sender of the server's own private messages; nobody may take the name. */
export const SERVER_NAME = 'server';

const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Why a user name is refused: the `detail` that goes with INVALIDUSERNAME, word for word [observed].
 * Empty for the reserved name; undefined when the name is fine.
 */
export function userNameFault(name: string): string | undefined {
  if (name === '') return 'Nick empty.';
  if (name.length > 30) return 'Nick too long.';
  if (!PRINTABLE.test(name)) return 'Invalid characters in nick.';
  if (name.trim() !== name) return 'No leading and trailing spaces allowed in nick.';
  return name === SERVER_NAME ? '' : undefined;
}

/** Why a room name is refused: the end of the server's sentence, word for word [observed]; undefined when it is fine. */
export function roomNameFault(name: string): string | undefined {
  if (name === '') return 'Room name empty.';
  if (name.length > 24) return `Room name ${name} longer than 24 characters.`;
  if (!PRINTABLE.test(name)) return `Room name ${name} contains invalid characters.`;
  if (name.trim() !== name) return `Room name ${name} contains leading or trailing spaces.`;
  if (name.includes('  ')) return `Room name ${name} contains multiple following spaces.`;
  return undefined;
}
