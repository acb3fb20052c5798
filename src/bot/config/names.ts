import { roomNameProblem } from '../../network/rooms/room-name.ts';
import { scalar, Wrong } from './scalar.ts';

/** Longest user name [Soulseek protocol documentation]. */
const MAX_USER_NAME = 30;

/** For editors; `roomNameProblem` decides. */
const MAX_ROOM_NAME = 24;

/** A user name as the server takes it: exact and case-sensitive, 1 to 30 printable ASCII characters, no space at the edges. */
export function userName() {
  return scalar(
    { type: 'string', minLength: 1, maxLength: MAX_USER_NAME, pattern: '^[!-~]([ -~]*[!-~])?$' },
    (value) =>
      typeof value === 'string' && value.length <= MAX_USER_NAME && /^[!-~](?:[ -~]*[!-~])?$/.test(value)
        ? value
        : new Wrong(
            `expected a user name: a text of 1 to ${MAX_USER_NAME} printable ASCII characters without spaces around it`,
          ),
  );
}

export function roomName() {
  return scalar(
    { type: 'string', minLength: 1, maxLength: MAX_ROOM_NAME, pattern: '^[!-~]( ?[!-~])*$' },
    (value) => {
      if (typeof value !== 'string') return new Wrong('expected the name of a room');
      const problem = roomNameProblem(value);
      return problem === undefined ? value : new Wrong(`expected a name that the server takes (${problem})`);
    },
  );
}
