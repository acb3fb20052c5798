import { describe, expect, test } from 'vitest';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const types = (person: SandboxPerson) => person.heard.map(({ message }) => message.type);
const forget = (...people: readonly (SandboxPerson | undefined)[]) => {
  for (const person of people) person!.forget();
};
const notices = (person: SandboxPerson) =>
  person
    .all('MessageUser')
    .filter((m) => m.username === 'server')
    .map((m) => m.message);

describe('joining', () => {
  test('one sees oneself arrive, then gets the room, then its wall', async () => {
    const sandbox = await virtualSandbox({
      server: { accounts: [{ username: 'a', password: 'sandbox', country: 'NL', avgSpeed: 7 }] },
    });
    const [a, b] = await sandbox.online('a', 'b');
    await sandbox.run(a!.join('r'));
    forget(a, b);
    await sandbox.run(b!.join('r'));
    await sandbox.world.clock.advance(10);
    expect(types(b!)).toEqual(['UserJoinedRoom', 'JoinRoom', 'RoomTickers']);
    expect(types(a!)).toEqual(['UserJoinedRoom']);
    const stats = { avgSpeed: 0, uploadNum: 0, unknown: 0, files: 0, dirs: 0 };
    expect(b!.all('JoinRoom')[0]).toEqual({
      type: 'JoinRoom',
      room: 'r',
      usernames: ['a', 'b'],
      statuses: [2, 2],
      stats: [{ ...stats, avgSpeed: 7 }, stats],
      slotsFull: [0, 0],
      countryCodes: ['NL', ''],
    });
  });

  test('twice is answered by silence', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    await sandbox.run(a!.join('r'));
    forget(a);
    a!.send({ type: 'JoinRoom', room: 'r' });
    await sandbox.world.clock.advance(100);
    expect(types(a!)).toEqual([]);
  });

  test.each([
    ['', 'Could not create room. Reason: Room name empty.'],
    [' x', 'Could not create room. Reason: Room name  x contains leading or trailing spaces.'],
    ['a  b', 'Could not create room. Reason: Room name a  b contains multiple following spaces.'],
    ['é', 'Could not create room. Reason: Room name é contains invalid characters.'],
    ['y'.repeat(25), `Could not create room. Reason: Room name ${'y'.repeat(25)} longer than 24 characters.`],
  ])('the name %j is refused in words', async (room, text) => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    forget(a);
    a!.send({ type: 'JoinRoom', room });
    await sandbox.world.clock.advance(100);
    expect(types(a!)).toEqual(['MessageUser']);
    expect(notices(a!)).toEqual([text]);
    expect(sandbox.server.world.rooms).toEqual([]);
  });

  test('a private room under a public name is the public room, with a notice', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    await sandbox.run(a!.join('r'));
    a!.leave('r');
    await sandbox.world.clock.advance(10);
    await sandbox.run(b!.join('r', { private: true }));
    expect(notices(b!)).toEqual(['Room (r) is registered as public.']);
    expect(sandbox.server.world.room('r')?.private).toBe(false);
  });

  test('creating a private room: a fresh room list comes before the room', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    forget(a);
    const room = await sandbox.run(a!.join('den', { private: true }));
    expect(room).toMatchObject({ owner: 'a', operators: [] });
    expect(types(a!)).toEqual([
      'RoomList',
      'RoomMembers',
      'RoomOperators',
      'UserJoinedRoom',
      'JoinRoom',
      'RoomTickers',
    ]);
  });

  test('a private room refuses outsiders: first the message, then the words', async () => {
    const sandbox = await virtualSandbox({ server: { rooms: [{ name: 'den', owner: 'boss' }] } });
    const [a] = await sandbox.online('a');
    forget(a);
    await expect(sandbox.run(a!.join('den'))).rejects.toThrow('may not enter');
    await sandbox.world.clock.advance(10);
    expect(types(a!)).toEqual(['CantCreateRoom', 'MessageUser']);
    expect(notices(a!)).toEqual(['The room you are trying to enter (den) is registered as private.']);
  });
});

describe('leaving', () => {
  test('the others see it, the leaver gets the confirmation only', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    forget(a, b);
    a!.leave('r');
    a!.leave('r');
    a!.leave('never was there');
    await sandbox.world.clock.advance(100);
    expect(types(a!)).toEqual(['LeaveRoom']);
    expect(b!.all('UserLeftRoom')).toEqual([{ type: 'UserLeftRoom', room: 'r', username: 'a' }]);
  });

  test('a broken connection looks the same to the others', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    forget(b);
    a!.drop();
    await sandbox.world.clock.advance(100);
    expect(types(b!)).toEqual(['UserLeftRoom']);
    expect(sandbox.server.world.room('r')?.users).toEqual(['b']);
  });
});

describe('speech', () => {
  test('everybody inside hears it, the speaker too', async () => {
    const sandbox = await virtualSandbox();
    const [a, b, outside] = await sandbox.online('a', 'b', 'outside');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    a!.say('r', 'hi');
    await sandbox.world.clock.advance(100);
    const line = { type: 'SayChatroom', room: 'r', username: 'a', message: 'hi' };
    expect(a!.all('SayChatroom')).toEqual([line]);
    expect(b!.all('SayChatroom')).toEqual([line]);
    expect(outside!.all('SayChatroom')).toEqual([]);
  });

  test.each([
    ['two\nlines', false],
    ['two\rlines', false],
    ['', true],
    ['x'.repeat(2048), true],
    ['x'.repeat(2049), false],
    ['é'.repeat(1024), true],
    [`${'é'.repeat(1024)}.`, false],
  ])('%# is delivered: %s %s', async (text, delivered) => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    await sandbox.run(a!.join('r'));
    a!.say('r', text);
    await sandbox.world.clock.advance(100);
    expect(a!.all('SayChatroom').map((m) => m.message)).toEqual(delivered ? [text] : []);
  });

  test('without having joined it is dropped', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    await sandbox.run(a!.join('r'));
    b!.say('r', 'hi');
    b!.say('nowhere', 'hi');
    await sandbox.world.clock.advance(100);
    expect(a!.all('SayChatroom')).toEqual([]);
  });

  test('bytes that are no UTF-8 leave as they came', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    await sandbox.run(a!.join('r'));
    a!.send({ type: 'SayChatroom', room: 'r', message: 'caf\xe9', latin1: ['message'] });
    a!.send({ type: 'SetRoomTicker', room: 'r', ticker: 'caf\xe9', latin1: ['ticker'] });
    a!.send({ type: 'MessageUser', username: 'a', message: 'caf\xe9', latin1: ['message'] });
    await sandbox.world.clock.advance(100);
    expect(a!.all('SayChatroom')[0]).toMatchObject({ message: 'caf\xe9', latin1: ['message'] });
    expect(a!.all('RoomTickerAdded')[0]).toMatchObject({ ticker: 'caf\xe9', latin1: ['ticker'] });
    expect(a!.all('MessageUser')[0]).toMatchObject({ message: 'caf\xe9', latin1: ['message'] });
  });
});

describe('the feed of public rooms', () => {
  test.each(['official', 'soulfind'] as const)(
    'carries public rooms only; soulfind leaks private ones (%s)',
    async (dialect) => {
      const sandbox = await virtualSandbox({ server: { dialect } });
      const [a, reader] = await sandbox.online('a', 'reader');
      await sandbox.run(a!.join('r'));
      await sandbox.run(a!.join('den', { private: true }));
      a!.say('r', 'too early');
      await sandbox.world.clock.advance(10);
      reader!.send({ type: 'JoinGlobalRoom' });
      await sandbox.world.clock.advance(10);
      a!.say('r', 'public');
      a!.say('den', 'secret');
      await sandbox.world.clock.advance(10);
      reader!.send({ type: 'LeaveGlobalRoom' });
      await sandbox.world.clock.advance(10);
      a!.say('r', 'too late');
      await sandbox.world.clock.advance(10);
      expect(reader!.all('GlobalRoomMessage').map((m) => [m.room, m.username, m.message])).toEqual([
        ['r', 'a', 'public'],
        ...(dialect === 'soulfind' ? [['den', 'a', 'secret']] : []),
      ]);
    },
  );

  test("repeats the lines of one's own rooms", async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    await sandbox.run(a!.join('r'));
    a!.send({ type: 'JoinGlobalRoom' });
    a!.say('r', 'hi');
    await sandbox.world.clock.advance(10);
    expect(types(a!).slice(-2)).toEqual(['SayChatroom', 'GlobalRoomMessage']);
  });
});

test('public rooms know no powers', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  for (const person of [a, b]) await sandbox.run(person!.join('r'));
  for (const person of [a, b]) person!.forget();
  a!.addMember('r', 'b');
  a!.removeMember('r', 'b');
  a!.addOperator('r', 'b');
  a!.removeOperator('r', 'b');
  a!.send({ type: 'CancelRoomOwnership', room: 'r' }, { type: 'CancelRoomMembership', room: 'r' });
  await sandbox.world.clock.advance(100);
  expect([types(a!), types(b!)]).toEqual([[], []]);
});
