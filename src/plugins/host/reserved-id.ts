/** Under this name the bot itself speaks and has commands; no plugin instance may be called so, in any case of letters. */
export const RESERVED_ID = 'core';

/** Whether the bot needs this id for itself. */
export function isReservedId(id: string): boolean {
  return id.toLowerCase() === RESERVED_ID;
}
