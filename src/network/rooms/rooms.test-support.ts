import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { ServerResponseOf } from '../../protocol/index.ts';
import { FakeLines, FakeLink, recorder } from '../fake-link.test-support.ts';
import { Users } from '../users/users.ts';
import { Rooms } from './rooms.ts';

/** Rooms and users on a fake server. For tests only. */
export function roomBench(charsets: Record<string, string> = {}) {
  const link = new FakeLink();
  const clock = new VirtualClock();
  const log = memoryLog();
  const { emitter, events, names } = recorder();
  const lines = new FakeLines();
  const users = new Users({ link, clock, log, emitter });
  const rooms = new Rooms({ link, clock, log, emitter, users, lines, charsets });
  /** The events since the last call, without what is told of single users. */
  const take = () => events.splice(0).filter(([name]) => !name.startsWith('user.'));
  /** Logs in and forgets what was sent for that. */
  const online = () => {
    link.login();
    link.frames = [];
    take();
  };
  /** Enters a room the way a server does it. */
  const enter = async (
    room: string,
    inside: readonly string[] = ['bot'],
    extra: Partial<ServerResponseOf<'JoinRoom'>> = {},
  ) => {
    const joined = rooms.join(room);
    link.says(joinRoom(room, inside, extra));
    const result = await joined;
    link.frames = [];
    take();
    return result;
  };
  return { link, clock, log, emitter, events, names, take, lines, users, rooms, online, enter };
}

const STATS = { avgSpeed: 1, uploadNum: 2, unknown: 0, files: 3, dirs: 4 };

export function joinRoom(
  room: string,
  usernames: readonly string[],
  extra: Partial<ServerResponseOf<'JoinRoom'>> = {},
): ServerResponseOf<'JoinRoom'> {
  return {
    type: 'JoinRoom',
    room,
    usernames,
    statuses: usernames.map(() => 2),
    stats: usernames.map(() => STATS),
    slotsFull: usernames.map(() => 0),
    countryCodes: usernames.map(() => ''),
    ...extra,
  };
}

export function userJoined(room: string, username: string): ServerResponseOf<'UserJoinedRoom'> {
  return { type: 'UserJoinedRoom', room, username, status: 2, ...STATS, slotsFull: 0, countryCode: 'NL' };
}

export function serverSays(message: string, isNew = true): ServerResponseOf<'MessageUser'> {
  return { type: 'MessageUser', id: 1, timestamp: 1, username: 'server', message, isNew };
}

export function roomList(lists: Partial<ServerResponseOf<'RoomList'>> = {}): ServerResponseOf<'RoomList'> {
  return {
    type: 'RoomList',
    rooms: [],
    roomUserCounts: [],
    ownedRooms: [],
    ownedRoomUserCounts: [],
    memberRooms: [],
    memberRoomUserCounts: [],
    operatedRooms: [],
    ...lists,
  };
}
