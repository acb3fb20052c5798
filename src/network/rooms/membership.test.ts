import { describe, expect, it } from 'vitest';
import type { ServerResponse } from '../../protocol/index.ts';
import { joinRoom, roomBench, roomList, serverSays, userJoined } from './rooms.test-support.ts';

const room = 'den';
const mine = roomList({ memberRooms: ['den'], memberRoomUserCounts: [1] });
const members = (...usernames: string[]): ServerResponse => ({ type: 'RoomMembers', room, usernames });
const operators = (...usernames: string[]): ServerResponse => ({ type: 'RoomOperators', room, usernames });

function bench() {
  const all = roomBench();
  all.online();
  all.link.says(roomList());
  all.take();
  return all;
}

/** As member of `den`, inside it, owned by `own`, with `ann`. */
async function inside() {
  const all = bench();
  all.link.says({ type: 'RoomMembershipGranted', room }, mine, members('bot', 'ann'), operators());
  await all.enter(room, ['own', 'bot'], { owner: 'own', operators: [] });
  return all;
}

const withoutLists = (events: readonly (readonly [string, unknown])[]) =>
  events.filter(([name]) => name !== 'room.list');

describe('private rooms: what we are told of our own membership', () => {
  it.each<[string, ServerResponse[]]>([
    [
      'soulfind: 134, 139, 64, 133, 148',
      [
        { type: 'AddRoomMember', room, username: 'bot' },
        { type: 'RoomMembershipGranted', room },
        mine,
        members('bot', 'ann'),
        operators('ann'),
      ],
    ],
    [
      'official: 139, 64, 133, 148',
      [{ type: 'RoomMembershipGranted', room }, mine, members('bot', 'ann'), operators('ann')],
    ],
  ])('added, %s', (_, messages) => {
    const { link, take, rooms } = bench();
    link.says(...messages);
    expect(withoutLists(take())).toEqual([
      ['room.member', { room, user: 'bot', change: 'added' }],
      ['room.standing', { room, change: 'member' }],
    ]);
    expect(rooms.get(room)).toMatchObject({
      private: true,
      standing: 'member',
      members: ['bot', 'ann'],
      operators: ['ann'],
    });
  });

  it.each<[string, ServerResponse[]]>([
    [
      'soulfind: 140, 15, 64',
      [{ type: 'RoomMembershipRevoked', room }, { type: 'LeaveRoom', room }, roomList()],
    ],
    [
      'reversed: 15, 140, 64',
      [{ type: 'LeaveRoom', room }, { type: 'RoomMembershipRevoked', room }, roomList()],
    ],
    [
      'chatty: 135, 140, 15, 15',
      [
        { type: 'RemoveRoomMember', room, username: 'bot' },
        { type: 'RoomMembershipRevoked', room },
        { type: 'LeaveRoom', room },
        { type: 'LeaveRoom', room },
      ],
    ],
  ])('removed while inside, %s', async (_, messages) => {
    const { link, take, rooms } = await inside();
    link.says(...messages);
    const events = take();
    expect(events.filter(([name]) => name === 'room.exited')).toEqual([
      ['room.exited', { room, reason: 'removed' }],
    ]);
    expect(events.filter(([name]) => name === 'room.standing')).toEqual([
      ['room.standing', { room, change: 'not-member' }],
    ]);
    expect(rooms.get(room)).toMatchObject({ joined: false, standing: 'visitor', members: [], users: [] });
    expect(rooms.isJoined(room)).toBe(false);
  });

  it('operator and back: 143, 145, 64, 133, 148 and 144, 146, …, each once', async () => {
    const { link, take, rooms } = await inside();
    link.says(
      { type: 'AddRoomOperator', room, username: 'bot' },
      { type: 'AddRoomOperator', room, username: 'bot' },
      { type: 'RoomOperatorshipGranted', room },
      roomList({ memberRooms: [room], operatedRooms: [room] }),
      members('bot', 'ann'),
      operators('bot'),
    );
    expect(rooms.standing(room)).toBe('operator');
    expect(withoutLists(take())).toEqual([
      ['room.operator', { room, user: 'bot', change: 'added' }],
      ['room.standing', { room, change: 'operator' }],
    ]);
    link.says(
      { type: 'RemoveRoomOperator', room, username: 'bot' },
      { type: 'RoomOperatorshipRevoked', room },
      mine,
      members('bot', 'ann'),
      operators(),
    );
    expect(rooms.standing(room)).toBe('member');
    expect(withoutLists(take())).toEqual([
      ['room.operator', { room, user: 'bot', change: 'removed' }],
      ['room.standing', { room, change: 'not-operator' }],
    ]);
  });

  it('losing membership as operator ends both', async () => {
    const { link, take } = await inside();
    link.says({ type: 'RoomOperatorshipGranted', room });
    take();
    link.says({ type: 'RoomMembershipRevoked', room });
    expect(
      take()
        .filter(([name]) => name === 'room.standing')
        .map(([, event]) => event['change']),
    ).toEqual(['not-operator', 'not-member']);
  });
});

describe('private rooms: others', () => {
  it('reports each change once, though the official server says some twice', async () => {
    const { link, take, rooms } = await inside();
    link.says(
      { type: 'AddRoomMember', room, username: 'zoe' },
      { type: 'AddRoomMember', room, username: 'zoe' },
      { type: 'AddRoomOperator', room, username: 'zoe' },
      { type: 'AddRoomOperator', room, username: 'zoe' },
      { type: 'RemoveRoomMember', room, username: 'zoe' },
      { type: 'RemoveRoomMember', room, username: 'zoe' },
      { type: 'RemoveRoomOperator', room, username: 'zoe' },
      { type: 'RemoveRoomMember', room, username: 'ghost' },
    );
    expect(take()).toEqual([
      ['room.member', { room, user: 'zoe', change: 'added' }],
      ['room.operator', { room, user: 'zoe', change: 'added' }],
      ['room.operator', { room, user: 'zoe', change: 'removed' }],
      ['room.member', { room, user: 'zoe', change: 'removed' }],
    ]);
    expect(rooms.get(room)?.members).toEqual(['bot', 'ann']);
  });

  it('a later list reports what differs from what was known', async () => {
    const { link, take, rooms } = await inside();
    link.says(members('bot', 'zoe', 'own'), operators('zoe'));
    expect(take()).toEqual([
      ['room.member', { room, user: 'ann', change: 'removed' }],
      ['room.member', { room, user: 'zoe', change: 'added' }],
      ['room.operator', { room, user: 'zoe', change: 'added' }],
    ]);
    expect(rooms.get(room)).toMatchObject({ owner: 'own', members: ['bot', 'zoe'], operators: ['zoe'] });
  });

  it('remembers nothing of rooms that are not ours', () => {
    const { link, take, rooms } = bench();
    link.says(
      { type: 'AddRoomMember', room: 'x', username: 'zoe' },
      { type: 'RemoveRoomOperator', room: 'x', username: 'zoe' },
      { type: 'RoomMembershipRevoked', room: 'y' },
      userJoined('z', 'zoe'),
    );
    expect(take()).toEqual([]);
    expect(rooms.known()).toEqual([]);
  });
});

describe('the room list', () => {
  it('has four lists, tolerates short columns, and gives our standing without events at first', async () => {
    const { link, rooms, take } = roomBench();
    link.login();
    const list = rooms.refreshList();
    expect(rooms.list()).toBeUndefined();
    link.says(
      roomList({
        rooms: ['indie', 'jazz'],
        roomUserCounts: [7],
        ownedRooms: ['mine'],
        memberRooms: ['a', 'b'],
        memberRoomUserCounts: [1, 2],
        operatedRooms: ['b'],
      }),
    );
    expect(await list).toMatchObject({
      public: [
        { name: 'indie', users: 7 },
        { name: 'jazz', users: 0 },
      ],
      owned: [{ name: 'mine', users: 0 }],
      member: [
        { name: 'a', users: 1 },
        { name: 'b', users: 2 },
      ],
      operated: ['b'],
    });
    expect(['mine', 'a', 'b', 'indie'].map((name) => rooms.standing(name))).toEqual([
      'owner',
      'member',
      'operator',
      'visitor',
    ]);
    expect(take().filter(([name]) => name === 'room.standing')).toEqual([]);
  });

  it('a later list without the room ends our standing', () => {
    const { link, take, rooms } = bench();
    link.says(mine);
    expect(rooms.standing(room)).toBe('member');
    take();
    link.says(roomList());
    expect(withoutLists(take())).toEqual([
      ['room.member', { room, user: 'bot', change: 'removed' }],
      ['room.standing', { room, change: 'not-member' }],
    ]);
    expect(rooms.known()).toEqual([]);
  });

  it('JoinRoom of a private room makes owner and operators known', async () => {
    const { link, rooms } = bench();
    const joined = rooms.join(room);
    link.says(userJoined(room, 'bot'), joinRoom(room, ['own', 'bot'], { owner: 'bot', operators: ['own'] }));
    expect(await joined).toMatchObject({
      state: 'joined',
      room: { standing: 'owner', owner: 'bot', operators: ['own'] },
    });
  });
});

describe('private rooms: our own', () => {
  const owned = roomList({ ownedRooms: [room], ownedRoomUserCounts: [1] });
  const seen = (events: readonly (readonly [string, unknown])[]) =>
    withoutLists(events).map(([name, event]) => {
      const { user, change } = event as { user: string; change: string };
      return [name, user, change];
    });

  it('hears of members in words, as the official server tells its owner, once', async () => {
    const { link, take, rooms, enter } = bench();
    link.says(owned, members('ann'), operators());
    await enter(room, ['bot'], { owner: 'bot', operators: [] });
    link.says(
      serverSays('User zoe is now a member of room den'),
      serverSays('User zoe is now a member of room den'),
      serverSays('User [bob] was added as a member of room [den] by operator [zoe]'),
      serverSays('User zoe is now an operator of room den'),
    );
    expect(rooms.get(room)).toMatchObject({ members: ['ann', 'zoe', 'bob'], operators: ['zoe'] });
    link.says(
      serverSays('User zoe is no longer an operator of room den'),
      serverSays('User ann is no longer a member of room den'),
    );
    expect(rooms.get(room)).toMatchObject({ members: ['zoe', 'bob'], operators: [] });
    expect(seen(take())).toEqual([
      ['room.member', 'zoe', 'added'],
      ['room.member', 'bob', 'added'],
      ['room.operator', 'zoe', 'added'],
      ['room.operator', 'zoe', 'removed'],
      ['room.member', 'ann', 'removed'],
    ]);
  });

  it('takes the reading that fits one of our rooms, and none of rooms that are not ours', async () => {
    const { link, rooms, enter } = bench();
    link.says(owned, members(), operators());
    await enter(room, ['bot'], { owner: 'bot', operators: [] });
    link.says(
      serverSays('User x is now a member of room y is now a member of room den'),
      serverSays('User ann is now a member of room other'),
      serverSays('User ann is now a member of room den', false),
    );
    expect(rooms.get(room)?.members).toEqual(['x is now a member of room y']);
    expect(rooms.get('other')).toBeUndefined();
  });
});
