import type { AnyEvent } from '../api/events.ts';

/**
 * Events of one key are handled in order: those of a user in a room (joins and leaves included), those of a user in
 * private. The room itself, and the connection, have keys of their own.
 */
export function eventKey(event: AnyEvent): string {
  switch (event.type) {
    case 'room.entered':
    case 'room.exited':
      return placeKey(event.room.name, '');
    case 'private.message':
    case 'user.status':
      return placeKey(undefined, event.user);
    case 'notice':
    case 'connection':
      return event.type;
    default:
      return placeKey(event.room.name, event.user);
  }
}

/** The key of what a user does in a room, or in private. */
export function placeKey(room: string | undefined, user: string): string {
  // The length keeps ("a", "b c") and ("a b", "c") apart.
  return room === undefined ? `private ${user}` : `room ${room.length} ${room} ${user}`;
}
