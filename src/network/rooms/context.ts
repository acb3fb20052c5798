import type { Clock } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { ClientEvents } from '../events.ts';
import type { ServerLink } from '../server-link.ts';
import type { RoomUsers } from '../users/users.ts';
import type { RoomText } from './charset.ts';
import type { RoomTable } from './room-table.ts';

/** What the parts of `Rooms` share. */
export interface RoomsContext {
  readonly link: ServerLink;
  readonly clock: Clock;
  readonly log: Log;
  readonly emitter: Emitter<ClientEvents>;
  readonly users: RoomUsers;
  readonly text: RoomText;
  readonly table: RoomTable;
}
