import { describe, expect, it } from 'vitest';
import { joinRoom, roomBench, roomList, serverSays, userJoined } from './rooms.test-support.ts';

const PRIVATE = 'The room you are trying to enter (den) is registered as private.';

function bench(charsets?: Record<string, string>) {
  const all = roomBench(charsets);
  all.online();
  return all;
}

describe('joining', () => {
  it('enters, with our own UserJoinedRoom before the snapshot', async () => {
    const { link, rooms, take } = bench();
    const joined = rooms.join('indie');
    expect(link.frames).toMatchObject([
      { request: { type: 'JoinRoom', room: 'indie' }, traffic: { kind: 'join', room: 'indie' } },
    ]);
    link.says(userJoined('indie', 'bot'), joinRoom('indie', ['ann', 'bot']), {
      type: 'RoomTickers',
      room: 'indie',
      tickers: [],
    });
    expect(await joined).toMatchObject({
      state: 'joined',
      room: { name: 'indie', private: false, standing: 'visitor' },
    });
    const events = take().filter(([name]) => name.startsWith('room.'));
    expect(events).toMatchObject([
      ['room.entered', { again: false, room: { users: [{ user: 'ann' }, { user: 'bot' }] } }],
    ]);
    link.says(userJoined('indie', 'zoe'), userJoined('indie', 'zoe'), {
      type: 'UserLeftRoom',
      room: 'indie',
      username: 'ann',
    });
    expect(take().map(([name, event]) => [name, event['user']])).toEqual([
      ['room.join', 'zoe'],
      ['room.leave', 'ann'],
    ]);
    expect(rooms.isInside('indie', 'zoe')).toBe(true);
    expect(rooms.isInside('indie', 'ann')).toBe(false);
  });

  it('sends nothing for a name against the rules', async () => {
    const { link, rooms } = bench();
    expect(await rooms.join(' x')).toMatchObject({
      state: 'refused',
      code: 'bad-name',
      reason: expect.stringContaining('space'),
    });
    expect(link.frames).toEqual([]);
    expect(rooms.remembered()).toEqual([]);
  });

  it('resolves at once inside, and shares one request before', async () => {
    const { link, rooms, enter } = bench();
    const [a, b] = [rooms.join('indie'), rooms.join('indie')];
    link.says(joinRoom('indie', ['bot']));
    expect(await a).toEqual(await b);
    expect(link.takeTypes()).toEqual(['JoinRoom']);
    expect(await rooms.join('indie')).toMatchObject({ state: 'joined' });
    expect(link.takeTypes()).toEqual([]);
    await enter('other');
  });

  it('tolerates short columns', async () => {
    const { rooms, enter } = bench();
    await enter('indie', ['ann', 'bot', 'zoe'], {
      statuses: [1],
      stats: [],
      slotsFull: [1],
      countryCodes: ['NL', 'DE'],
    });
    expect(rooms.get('indie')?.users).toMatchObject([
      { user: 'ann', status: 'away', slotsFull: true, country: 'NL' },
      { user: 'bot', slotsFull: false, country: 'DE' },
      { user: 'zoe', country: '', stats: { files: 0 } },
    ]);
  });

  it.each([
    ['CantCreateRoom first', ['cannot', 'notice']],
    ['notice first', ['notice', 'cannot']],
  ])('combines both halves of a refusal, %s', async (_, order) => {
    const { link, rooms, take } = bench();
    const joined = rooms.join('den');
    for (const half of order) {
      link.says(half === 'cannot' ? { type: 'CantCreateRoom', room: 'den' } : serverSays(PRIVATE));
    }
    expect(await joined).toEqual({ state: 'refused', code: 'private', reason: PRIVATE });
    expect(take()).toEqual([['room.refused', { room: 'den', reason: PRIVATE }]]);
    expect(rooms.remembered()).toEqual([]);
    expect(rooms.known()).toEqual([]);
  });

  it('needs only one half, after a while', async () => {
    const { link, clock, rooms } = bench();
    const silent = rooms.join('den');
    link.says({ type: 'CantCreateRoom', room: 'den' });
    await clock.advance(2_000);
    expect(await silent).toMatchObject({ code: 'refused' });
    const text =
      'The room you are trying to enter (dev) is moderated. Please contact one of these moderators:\nann';
    const moderated = rooms.join('dev');
    link.says(serverSays(text));
    await clock.advance(2_000);
    expect(await moderated).toEqual({ state: 'refused', code: 'moderated', reason: text });
  });

  it('does not take an old notice, or one of another room, for an answer', async () => {
    const { link, clock, rooms } = bench();
    const joined = rooms.join('den');
    link.says(serverSays(PRIVATE, false), serverSays(PRIVATE.replace('den', 'dens')));
    await clock.advance(14_000);
    link.says(joinRoom('den', ['bot']));
    expect(await joined).toMatchObject({ state: 'joined' });
  });

  it('takes the server at its word about the name', async () => {
    const { link, rooms } = bench();
    const joined = rooms.join('den');
    link.says(serverSays('Could not create room. Reason: Room name den contains invalid characters.'));
    expect(await joined).toMatchObject({
      code: 'bad-name',
      reason: 'Room name den contains invalid characters.',
    });
  });

  it.each([true, false])(
    'notes that a room is public though a private one was asked for (told: %s)',
    async (told) => {
      const { link, rooms } = bench();
      const joined = rooms.join('indie', { private: true });
      expect(link.take()).toEqual([{ type: 'JoinRoom', room: 'indie', private: true }]);
      if (told) link.says(serverSays('Room (indie) is registered as public.'));
      link.says(joinRoom('indie', ['bot']));
      expect(await joined).toMatchObject({ state: 'joined', note: expect.stringContaining('public') });
      expect(await rooms.join('indie', { private: true })).toMatchObject({
        note: expect.stringContaining('public'),
      });
    },
  );

  it('gives up after a time, but is in should the server let us in late', async () => {
    const { link, clock, rooms, names } = bench();
    const joined = rooms.join('indie');
    await clock.advance(15_000);
    expect(await joined).toMatchObject({ state: 'refused', code: 'unknown' });
    expect(rooms.remembered()).toEqual(['indie']);
    link.says(joinRoom('indie', ['bot']));
    expect(rooms.isJoined('indie')).toBe(true);
    expect(names().filter((name) => name.startsWith('room.'))).toEqual(['room.refused', 'room.entered']);
  });

  it('says when our own governor did not send it', async () => {
    const { link, rooms } = bench();
    link.outcome = () => ({ state: 'dropped', code: 'queue-full', reason: 'too many joins wait' });
    expect(await rooms.join('indie')).toEqual({
      state: 'refused',
      code: 'dropped',
      reason: 'too many joins wait',
    });
    expect(rooms.remembered()).toEqual([]);
  });

  it('offline: is joined after the next login', async () => {
    const { link, rooms, take } = roomBench();
    expect(await rooms.join('indie', { private: true })).toMatchObject({ code: 'offline' });
    expect(link.take()).toEqual([]);
    link.login();
    expect(link.take()).toContainEqual({ type: 'JoinRoom', room: 'indie', private: true });
    link.says(joinRoom('indie', ['bot']));
    expect(take()).toMatchObject([['room.entered', { again: false }]]);
  });

  it('a join at the very moment of the login is sent once', async () => {
    const { link, rooms } = roomBench();
    let joined: Promise<unknown> | undefined;
    link.onRestore(0, () => {
      joined = rooms.join('indie');
    });
    link.login();
    expect(link.takeTypes().filter((type) => type === 'JoinRoom')).toHaveLength(1);
    link.says(joinRoom('indie', ['bot']));
    expect(await joined).toMatchObject({ state: 'joined' });
  });

  it('leaves a room that nobody asked for', () => {
    const { link, rooms, take } = bench();
    link.says(joinRoom('spam', ['bot', 'ann']));
    expect(link.take()).toEqual([{ type: 'LeaveRoom', room: 'spam' }]);
    link.says({ type: 'LeaveRoom', room: 'spam' });
    expect(take().filter(([name]) => name.startsWith('room.'))).toEqual([]);
    expect(rooms.known()).toEqual([]);
  });

  it('a second list of a room that we are in corrects the first', async () => {
    const { link, rooms, enter, take } = bench();
    await enter('indie', ['bot', 'ann']);
    link.says(joinRoom('indie', ['bot', 'zoe', 'zoe']));
    expect(take().map(([name, event]) => [name, event['user']])).toEqual([
      ['room.leave', 'ann'],
      ['room.join', 'zoe'],
    ]);
    expect(rooms.get('indie')?.users.map(({ user }) => user)).toEqual(['bot', 'zoe']);
  });
});

describe('losing the connection', () => {
  it('restores everything in the order of the login sequence', async () => {
    const { link, rooms, users, enter, take } = bench();
    await enter('indie', ['bot', 'ann']);
    await enter('jazz');
    users.watch('zoe');
    void rooms.invitations(true);
    void rooms.feed(true);
    link.frames = [];
    link.lose();
    expect(take()).toEqual([
      ['room.exited', { room: 'indie', reason: 'disconnected' }],
      ['room.exited', { room: 'jazz', reason: 'disconnected' }],
    ]);
    expect(rooms.known().map(({ joined, users: inside }) => [joined, inside])).toEqual([
      [false, []],
      [false, []],
    ]);
    link.login();
    expect(link.takeTypes()).toEqual([
      'CheckPrivileges',
      'SetStatus',
      'WatchUser',
      'RoomList',
      'EnableRoomInvitations',
      'JoinGlobalRoom',
      'JoinRoom',
      'JoinRoom',
    ]);
    link.says(joinRoom('indie', ['bot']));
    expect(take().filter(([name]) => name === 'room.entered')).toMatchObject([
      ['room.entered', { again: true }],
    ]);
  });

  it('a private room is joined again only once the list shows it', async () => {
    const { link, clock, rooms, take } = bench();
    for (const name of ['kept', 'gone']) {
      const joined = rooms.join(name, { private: true });
      link.says(joinRoom(name, ['bot'], { owner: 'bot', operators: [] }));
      await joined;
    }
    link.frames = [];
    link.lose();
    link.login();
    expect(link.takeTypes()).not.toContain('JoinRoom');
    link.says(roomList({ ownedRooms: ['kept'], ownedRoomUserCounts: [0] }));
    expect(link.take()).toEqual([{ type: 'JoinRoom', room: 'kept', private: true }]);
    take();
    await clock.advance(15_000);
    expect(link.takeTypes()).toEqual([]);
    expect(
      take().filter(([name, event]) => name === 'room.refused' && event['room'] === 'gone'),
    ).toHaveLength(1);
  });

  it('answers what was under way', async () => {
    const { link, rooms, enter } = bench();
    await enter('indie');
    const joined = rooms.join('jazz');
    const left = rooms.leave('indie');
    const invited = rooms.invitations(true);
    const list = rooms.refreshList();
    link.lose();
    expect(await joined).toMatchObject({ code: 'offline' });
    expect(await left).toBe('left');
    expect(await invited).toMatchObject({ state: 'unknown' });
    expect(await list).toBeUndefined();
    expect(rooms.remembered()).toEqual(['jazz']);
  });
});

describe('lines, feed, invitations', () => {
  it('tells lines, ours marked, only of rooms that we are in, in the charset of the room', async () => {
    const { link, enter, take, rooms, lines } = bench({ indie: 'koi8-r' });
    await enter('indie');
    const message = Buffer.from([0xd0, 0xd2, 0xc9]).toString('latin1');
    link.says(
      { type: 'SayChatroom', room: 'indie', username: 'bot', message: 'hi' },
      { type: 'SayChatroom', room: 'indie', username: 'ann', message, latin1: ['message'] },
      { type: 'SayChatroom', room: 'other', username: 'ann', message: 'x' },
    );
    expect(take()).toEqual([
      ['room.message', { room: 'indie', user: 'bot', text: 'hi', own: true }],
      ['room.message', { room: 'indie', user: 'ann', text: 'при', own: false }],
    ]);
    expect(await rooms.say('indie', 'hello', { priority: 'reply' })).toMatchObject({ state: 'queued' });
    expect(lines.lines).toEqual([{ kind: 'room', to: 'indie', text: 'hello', priority: 'reply' }]);
  });

  it('the feed comes only while it is on', async () => {
    const { link, rooms, take } = bench();
    const line = { type: 'GlobalRoomMessage', room: 'indie', username: 'ann', message: 'x' } as const;
    link.says(line);
    await rooms.feed(true);
    link.says(line);
    await rooms.feed(false);
    link.says(line);
    expect(take()).toEqual([['feed.message', { room: 'indie', user: 'ann', text: 'x' }]]);
    expect(link.takeTypes()).toEqual(['JoinGlobalRoom', 'LeaveGlobalRoom']);
    link.lose();
    link.login();
    expect(link.takeTypes()).not.toContain('JoinGlobalRoom');
  });

  it('invitations are confirmed by the echo of the same value', async () => {
    const { link, clock, rooms } = bench();
    const on = rooms.invitations(true);
    link.says(
      { type: 'EnableRoomInvitations', enable: false },
      { type: 'EnableRoomInvitations', enable: true },
    );
    expect(await on).toEqual({ state: 'confirmed' });
    const off = rooms.invitations(false);
    await clock.advance(15_000);
    expect(await off).toMatchObject({ state: 'unknown' });
    expect(link.frames[0]?.traffic).toEqual({ kind: 'room-admin', room: '' });
  });
});
