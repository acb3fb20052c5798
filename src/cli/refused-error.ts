/** A command was refused before anything started, and why has been said: exit code 2. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
