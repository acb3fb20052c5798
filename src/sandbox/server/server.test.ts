import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { encodeServerRequest, type ServerRequest } from '../../protocol/index.ts';
import { chatter } from '../people/chatter.ts';
import { virtualSandbox } from '../sandbox.ts';

describe('faults', () => {
  test('kick, drop and dropAll end sessions; the others see it', async () => {
    const sandbox = await virtualSandbox();
    const [a, b, c] = await sandbox.online('a', 'b', 'c');
    for (const person of [a, b, c]) await sandbox.run(person!.join('r'));
    const gone: string[] = [];
    sandbox.server.on('logout', ({ user, why }) => gone.push(`${user}: ${why}`));
    sandbox.server.kick('a');
    sandbox.server.drop('b');
    await sandbox.world.clock.advance(10);
    expect([a!.connected, b!.connected, c!.connected]).toEqual([false, false, true]);
    expect(c!.all('UserLeftRoom')).toHaveLength(2);
    sandbox.server.dropAll();
    await sandbox.world.clock.advance(10);
    expect(c!.connected).toBe(false);
    expect(gone).toEqual(['a: kicked', 'b: dropped', 'c: dropped']);
    expect(sandbox.server.world.room('r')?.users).toEqual([]);
  });

  test('a muted user is neither heard nor answered, and keeps the connection', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    a!.forget();
    sandbox.server.mute('a');
    a!.say('r', 'hello?');
    b!.say('r', 'nobody there');
    await sandbox.world.clock.advance(100_000);
    expect([a!.heard, a!.connected]).toEqual([[], true]);
    expect(b!.all('SayChatroom').map((m) => m.message)).toEqual(['nobody there']);
    expect(sandbox.server.received('a').at(-1)!.request).toMatchObject({ message: 'hello?' });
    sandbox.server.mute('a', false);
    a!.say('r', 'back');
    await sandbox.run(a!.untilLine('r', 'back'));
  });

  test('a deaf server never answers a login', async () => {
    const sandbox = await virtualSandbox();
    sandbox.server.deafLogin('*');
    const a = sandbox.person('a');
    await expect(sandbox.run(a.login(59_000))).rejects.toThrow('59000 ms');
    await sandbox.world.clock.advance(2000);
    expect(a.connected).toBe(false);
    sandbox.server.deafLogin('*', false);
    expect(await sandbox.run(a.login())).toMatchObject({ success: true });
    expect(sandbox.server.received('a').map(({ request }) => request.type)).toContain('Login');
  });

  test("anything can be put on a user's connection", async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    expect(sandbox.server.sendTo('a', { type: 'AdminMessage', message: 'psst' })).toBe(true);
    expect(sandbox.server.sendRaw('a', new Uint8Array([4, 0, 0, 0, 255, 255, 255, 255]))).toBe(true);
    expect(sandbox.server.sendTo('nobody', { type: 'Relogged' })).toBe(false);
    await sandbox.run(a!.untilType('AdminMessage'));
  });

  test('a restart keeps the port and the world, and nobody sees the others go', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    a!.setTicker('r', 'mine');
    await sandbox.world.clock.advance(10);
    for (const person of [a, b]) person!.forget();
    await sandbox.server.stop();
    await sandbox.world.clock.advance(1000);
    await expect(sandbox.run(a!.login())).rejects.toThrow();
    expect(await sandbox.server.start()).toEqual({ host: '10.0.0.1', port: 2242 });
    expect([a!.heard, b!.heard]).toEqual([[], []]);
    await sandbox.run(a!.login());
    const room = await sandbox.run(a!.join('r'));
    expect(room.usernames).toEqual(['a']);
    expect(a!.all('RoomTickers')[0]?.tickers).toEqual([{ username: 'a', ticker: 'mine' }]);
  });
});

test('announcements and excluded phrases reach everybody', async () => {
  const sandbox = await virtualSandbox();
  const people = await sandbox.online('a', 'b');
  sandbox.server.announce('hear ye');
  sandbox.server.setExcludedPhrases(['bad phrase']);
  await sandbox.world.clock.advance(10);
  for (const person of people) {
    expect(person.all('AdminMessage')).toEqual([{ type: 'AdminMessage', message: 'hear ye' }]);
    expect(person.all('ExcludedSearchPhrases').at(-1)?.phrases).toEqual(['bad phrase']);
  }
});

test('what a user asked is remembered, but not for ever', async () => {
  const sandbox = await virtualSandbox({ server: { receivedLimit: 10, floodLimits: false } });
  const [a] = await sandbox.online('a');
  for (let i = 0; i < 50; i++) a!.pm('a', `${i}`);
  a!.acknowledges = false;
  await sandbox.world.clock.advance(10);
  expect(sandbox.server.received('a')).toHaveLength(10);
  expect(sandbox.server.received('nobody')).toEqual([]);
});

test('the same seed gives the same traffic to the byte, another one does not', async () => {
  const run = async (seed: number) => {
    const sandbox = await virtualSandbox({ seed, link: { latencyMs: 20, jitterMs: 15 }, maxSegment: 50 });
    const traffic: string[] = [];
    sandbox.server.on('request', (event) => traffic.push(JSON.stringify(event)));
    sandbox.server.on('response', (event) => traffic.push(JSON.stringify(event)));
    const people = ['ann', 'ben', 'cleo', 'dov'];
    const random = new SeededRandom(seed);
    const acts = chatter({ random, people, rooms: ['lobby', 'vinyl'], durationMs: 120_000, meanGapMs: 5000 });
    for (let at = 5000; at < 120_000; at += 7000)
      acts.push({ at, who: 'ann', do: 'pm', to: 'ben', text: `at ${at}` });
    await sandbox.run(sandbox.play(acts).done, 200_000);
    return traffic;
  };
  const first = await run(5);
  expect(first.length).toBeGreaterThan(150);
  expect(await run(5)).toEqual(first);
  expect(await run(6)).not.toEqual(first);
});

describe('garbage', () => {
  test('random bytes from one client never disturb another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 }),
        fc.boolean(),
        async (chunks, loggedIn) => {
          const sandbox = await virtualSandbox();
          const [witness] = await sandbox.online('witness');
          const vandal = sandbox.person('vandal');
          await sandbox.run<unknown>(loggedIn ? vandal.login() : vandal.connect());
          for (const chunk of chunks) vandal.sendRaw(chunk);
          await sandbox.world.clock.advance(100);
          await sandbox.run(witness!.join('lobby'));
        },
      ),
      { numRuns: 200, seed: 11 },
    );
  });

  test('well-framed random payloads of every code neither crash the server nor disturb another', async () => {
    const codes = [...Array.from({ length: 160 }, (_, i) => i), 1001, 1002, 1003, 0xffffffff];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(...codes), fc.uint8Array({ maxLength: 60 })), {
          maxLength: 60,
          size: 'max',
        }),
        fc.constantFrom('official' as const, 'soulfind' as const),
        async (frames, dialect) => {
          const sandbox = await virtualSandbox({ server: { dialect } });
          const [witness] = await sandbox.online('witness');
          const vandal = sandbox.person('vandal');
          await sandbox.run(vandal.login());
          for (const [code, payload] of frames) {
            const header = Buffer.alloc(8);
            header.writeUInt32LE(4 + payload.length, 0);
            header.writeUInt32LE(code, 4);
            vandal.sendRaw(Buffer.concat([header, payload]));
          }
          await sandbox.world.clock.advance(100);
          await sandbox.run(witness!.join('lobby'));
        },
      ),
      { numRuns: 200, seed: 12 },
    );
  });

  test('any sequence of requests between three users leaves a consistent world', async () => {
    const user = fc.constantFrom('a', 'b', 'c', 'nobody', 'server', '');
    const room = fc.constantFrom('r', 'den', '', 'x  y');
    const text = fc.constantFrom('hi', '', 'a\nb', 'x'.repeat(3000));
    const token = fc.nat(0xffffffff);
    const request: fc.Arbitrary<ServerRequest> = fc.oneof(
      fc.record({ type: fc.constant('JoinRoom' as const), room, private: fc.boolean() }),
      ...(
        ['LeaveRoom', 'CancelRoomMembership', 'CancelRoomOwnership', 'CancelRoomOperatorship'] as const
      ).map((type) => fc.record({ type: fc.constant(type), room })),
      ...(['AddRoomMember', 'RemoveRoomMember', 'AddRoomOperator', 'RemoveRoomOperator'] as const).map(
        (type) => fc.record({ type: fc.constant(type), room, username: user }),
      ),
      fc.record({ type: fc.constant('SayChatroom' as const), room, message: text }),
      fc.record({ type: fc.constant('SetRoomTicker' as const), room, ticker: text }),
      fc.record({ type: fc.constant('MessageUser' as const), username: user, message: text }),
      fc.record({
        type: fc.constant('SetWaitPort' as const),
        port: token,
        obfuscationType: token,
        obfuscatedPort: token,
      }),
      fc.record({ type: fc.constant('SendUploadSpeed' as const), speed: token }),
      fc.record({ type: fc.constant('GivePrivileges' as const), username: user, days: token }),
      ...(['WatchUser', 'UnwatchUser', 'GetPeerAddress', 'BranchRoot'] as const).map((type) =>
        fc.record({ type: fc.constant(type), username: user }),
      ),
      fc.record({ type: fc.constant('ConnectToPeer' as const), token, username: user, connectionType: text }),
      fc.record({ type: fc.constant('HaveNoParent' as const), noParent: fc.boolean() }),
      fc.constantFrom<ServerRequest>(
        { type: 'RoomList' },
        { type: 'JoinGlobalRoom' },
        { type: 'GlobalUserList' },
      ),
    );
    const step = fc.record({
      who: fc.nat(2),
      request,
      drop: fc.integer({ min: 0, max: 20 }),
      restart: fc.integer({ min: 0, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.constantFrom('official' as const, 'soulfind' as const),
        async (steps, dialect) => {
          const sandbox = await virtualSandbox({ server: { dialect, floodLimits: false } });
          const people = await sandbox.online('a', 'b', 'c');
          for (const { who, request, drop, restart } of steps) {
            const person = people[who]!;
            if (!person.connected) await sandbox.run(person.login());
            if (drop === 0) person.drop();
            else person.sendRaw(encodeServerRequest(request));
            if (restart === 0) await sandbox.server.restart();
            await sandbox.world.clock.advance(5);
          }
          await sandbox.world.clock.advance(200_000);
          const { world } = sandbox.server;
          const online = world.sessions.map((session) => session.username);
          expect([...online].sort()).toEqual(
            people
              .filter((p) => p.connected)
              .map((p) => p.name)
              .sort(),
          );
          for (const each of world.rooms) {
            for (const inside of each.users) expect(world.session(inside)?.rooms).toContain(each.name);
            for (const operator of each.operators) expect(each.members).toContain(operator);
            if (each.owner !== undefined) expect(each.members).not.toContain(each.owner);
            if (!each.private) expect(each.members).toEqual([]);
          }
          for (const session of world.sessions) {
            for (const inside of session.rooms) expect(world.room(inside)?.users).toContain(session.username);
          }
        },
      ),
      { numRuns: 150, seed: 13 },
    );
  });
});

test('500 people in a room: everybody hears every line, once', async () => {
  const sandbox = await virtualSandbox({ server: { floodLimits: false } });
  const people = Array.from({ length: 500 }, (_, i) => sandbox.person(`user${i}`));
  await sandbox.run(() => Promise.all(people.map((person) => person.login())));
  await sandbox.run(() => Promise.all(people.map((person) => person.join('crowd'))));
  for (const person of people) person.forget();
  for (let i = 0; i < 40; i++) people[i * 7]!.say('crowd', `line ${i}`);
  await sandbox.world.clock.advance(1000);
  const expected = people[0]!.all('SayChatroom');
  expect(expected).toHaveLength(40);
  for (const person of people) expect(person.all('SayChatroom')).toEqual(expected);
});
