import { describe, expect, test } from 'vitest';
import { virtualSandbox } from '../sandbox.ts';

describe('the room list', () => {
  test('after the login only rooms with five users, on request all of them', async () => {
    const sandbox = await virtualSandbox({
      server: {
        rooms: [
          { name: 'den', owner: 'late', members: ['x'], operators: ['y'] },
          { name: 'club', owner: 'x', operators: ['late'] },
        ],
      },
    });
    const people = await sandbox.online('a', 'b', 'c', 'd', 'e');
    for (const person of people) await sandbox.run(person.join('full'));
    for (const person of people.slice(1)) await sandbox.run(person.join('four'));
    const [late] = await sandbox.online('late');
    const mine = {
      ownedRooms: ['den'],
      ownedRoomUserCounts: [0],
      memberRooms: ['club'],
      memberRoomUserCounts: [0],
      operatedRooms: ['club'],
    };
    expect(late!.all('RoomList')[0]).toEqual({
      type: 'RoomList',
      rooms: ['full'],
      roomUserCounts: [5],
      ...mine,
    });
    expect(late!.all('RoomMembers')).toEqual([
      { type: 'RoomMembers', room: 'den', usernames: ['x', 'y'] },
      { type: 'RoomMembers', room: 'club', usernames: ['late'] },
    ]);
    expect(late!.all('RoomOperators').map((m) => m.usernames)).toEqual([['y'], ['late']]);
    late!.forget();
    late!.send({ type: 'RoomList' });
    await sandbox.world.clock.advance(10);
    expect(late!.all('RoomList')[0]).toMatchObject({
      rooms: ['full', 'four'],
      roomUserCounts: [5, 4],
      ...mine,
    });
  });

  test('soulfind shows small rooms at once; empty rooms are nowhere', async () => {
    const sandbox = await virtualSandbox({ server: { dialect: 'soulfind' } });
    const [a] = await sandbox.online('a');
    await sandbox.run(a!.join('r'));
    await sandbox.run(a!.join('empty'));
    a!.leave('empty');
    const [b] = await sandbox.online('b');
    expect(b!.all('RoomList')[0]?.rooms).toEqual(['r']);
  });
});
