import { describe, expect, test } from 'vitest';
import type { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';

const statuses = (person: SandboxPerson) => person.all('GetUserStatus').map((m) => [m.username, m.status]);

describe('watching', () => {
  test('answers with everything there is to know', async () => {
    const sandbox = await virtualSandbox({
      server: {
        accounts: [
          { username: 'off', password: 'x', country: 'DE', avgSpeed: 5 },
          { username: 'on', password: 'sandbox', country: 'FR' },
        ],
      },
    });
    const [a] = await sandbox.online('a', 'on');
    for (const user of ['on', 'off', 'nobody']) a!.watch(user);
    await sandbox.world.clock.advance(10);
    const stats = { avgSpeed: 0, uploadNum: 0, unknown: 0, files: 0, dirs: 0 };
    expect(a!.all('WatchUser')).toEqual([
      { type: 'WatchUser', username: 'on', exists: true, status: 2, ...stats, countryCode: 'FR' },
      { type: 'WatchUser', username: 'off', exists: true, status: 0, ...stats, avgSpeed: 5 },
      { type: 'WatchUser', username: 'nobody', exists: false },
    ]);
  });

  test('brings every change until unwatched: away, back, gone, here again', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    const step = async (act: () => unknown) => {
      act();
      await sandbox.world.clock.advance(20);
    };
    await step(() => a!.watch('b'));
    await step(() => b!.away());
    await step(() => b!.away(false));
    await step(() => b!.drop());
    await sandbox.run(b!.login());
    await sandbox.world.clock.advance(20);
    expect(statuses(a!)).toEqual([
      ['b', 1],
      ['b', 2],
      ['b', 0],
      ['b', 2],
    ]);
    a!.forget();
    await step(() => a!.send({ type: 'UnwatchUser', username: 'b' }));
    await step(() => b!.away());
    expect(statuses(a!)).toEqual([]);
  });

  test('a name that is not registered yet is not subscribed to', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.watch('later');
    await sandbox.world.clock.advance(10);
    await sandbox.online('later');
    expect(statuses(a!)).toEqual([]);
  });

  test('ends with the session', async () => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    a!.watch('b');
    await sandbox.world.clock.advance(10);
    a!.drop();
    await sandbox.world.clock.advance(10);
    await sandbox.run(a!.login());
    b!.away();
    await sandbox.world.clock.advance(10);
    expect(statuses(a!)).toEqual([]);
  });
});

describe("one's own status", () => {
  test('going away is confirmed, coming back is not; soulfind confirms both', async () => {
    for (const dialect of ['official', 'soulfind'] as const) {
      const sandbox = await virtualSandbox({ server: { dialect } });
      const [a] = await sandbox.online('a');
      a!.watch('a');
      await sandbox.world.clock.advance(10);
      a!.forget();
      a!.away();
      a!.away();
      a!.away(false);
      await sandbox.world.clock.advance(10);
      expect(statuses(a!)).toEqual(
        dialect === 'official'
          ? [['a', 1]]
          : [
              ['a', 1],
              ['a', 2],
            ],
      );
    }
  });

  test.each([0, 3, -1])('%i is no status', async (status) => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.send({ type: 'SetStatus', status });
    await sandbox.world.clock.advance(10);
    expect(sandbox.server.world.session('a')?.status).toBe(2);
  });
});

test('room mates hear statuses and stats once per shared room, oneself included', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  for (const room of ['r1', 'r2']) for (const person of [a, b]) await sandbox.run(person!.join(room));
  for (const person of [a, b]) person!.forget();
  a!.away(true);
  a!.send({ type: 'SharedFoldersFiles', dirs: 3, files: 40 });
  await sandbox.world.clock.advance(10);
  expect(statuses(b!)).toEqual([
    ['a', 1],
    ['a', 1],
  ]);
  expect(statuses(a!)).toEqual([
    ['a', 1],
    ['a', 1],
    ['a', 1],
  ]);
  const stats = {
    type: 'GetUserStats',
    username: 'a',
    avgSpeed: 0,
    uploadNum: 0,
    unknown: 0,
    files: 40,
    dirs: 3,
  };
  expect(b!.all('GetUserStats')).toEqual([stats, stats]);
});

test('stats are not pushed to watchers, except by soulfind', async () => {
  for (const dialect of ['official', 'soulfind'] as const) {
    const sandbox = await virtualSandbox({ server: { dialect } });
    const [a, b] = await sandbox.online('a', 'b');
    a!.watch('b');
    await sandbox.world.clock.advance(10);
    b!.send({ type: 'SharedFoldersFiles', dirs: 1, files: 2 });
    await sandbox.world.clock.advance(10);
    expect(a!.all('GetUserStats')).toHaveLength(dialect === 'official' ? 0 : 1);
  }
});

test.each([
  ['official', [100, 150, 133]],
  ['soulfind', [20, 56, 64]],
] as const)('upload speeds are averaged (%s)', async (dialect, expected) => {
  const sandbox = await virtualSandbox({ server: { dialect } });
  const [a] = await sandbox.online('a');
  const speeds: number[] = [];
  for (const speed of [100, 200, 100]) {
    a!.send({ type: 'SendUploadSpeed', speed }, { type: 'GetUserStats', username: 'a' });
    await sandbox.world.clock.advance(10);
    speeds.push(a!.all('GetUserStats').at(-1)!.avgSpeed);
  }
  expect(speeds).toEqual(expected);
  expect(a!.all('GetUserStats').at(-1)!.uploadNum).toBe(3);
});

test('asking about unknown users gets zeros', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  a!.send({ type: 'GetUserStatus', username: 'nobody' }, { type: 'GetUserStats', username: 'nobody' });
  await sandbox.world.clock.advance(10);
  expect(a!.all('GetUserStatus')).toEqual([
    { type: 'GetUserStatus', username: 'nobody', status: 0, privileged: false },
  ]);
  expect(a!.all('GetUserStats')[0]).toMatchObject({ avgSpeed: 0, files: 0 });
});
