import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';
import type { Dialect } from './dialect.ts';

const types = (person: SandboxPerson) => person.heard.map(({ message }) => message.type);

describe('a refused login', () => {
  const cases = [
    ['', 'pw', { reason: 'INVALIDUSERNAME', detail: 'Nick empty.' }],
    ['x'.repeat(31), 'pw', { reason: 'INVALIDUSERNAME', detail: 'Nick too long.' }],
    ['ü', 'pw', { reason: 'INVALIDUSERNAME', detail: 'Invalid characters in nick.' }],
    ['a\tb', 'pw', { reason: 'INVALIDUSERNAME', detail: 'Invalid characters in nick.' }],
    [' lead', 'pw', { reason: 'INVALIDUSERNAME', detail: 'No leading and trailing spaces allowed in nick.' }],
    [
      'trail ',
      'pw',
      { reason: 'INVALIDUSERNAME', detail: 'No leading and trailing spaces allowed in nick.' },
    ],
    ['server', 'pw', { reason: 'INVALIDUSERNAME', detail: '' }],
    ['nobody', '', { reason: 'EMPTYPASSWORD' }],
    ['old', 'wrong', { reason: 'INVALIDPASS' }],
  ] as const;
  test.each(cases)('%j with password %j', async (name, password, refusal) => {
    const sandbox = await virtualSandbox({ server: { accounts: [{ username: 'old', password: 'right' }] } });
    const answer = await sandbox.run(sandbox.person(name, { password }).login());
    expect(answer).toEqual({ type: 'Login', success: false, ...refusal });
    expect(sandbox.server.world.sessions).toEqual([]);
  });

  test('names of 30 characters and passwords of others are fine; names differ by case', async () => {
    const sandbox = await virtualSandbox();
    await sandbox.online('x'.repeat(30), 'Alice', 'alice');
    expect(sandbox.server.world.accounts).toHaveLength(3);
  });

  test.each([
    [0, 1],
    [177, 0],
    [157, 11],
  ])('version %i.%i', async (major, minor) => {
    const sandbox = await virtualSandbox();
    const answer = await sandbox.run(sandbox.person('a', { version: { major, minor } }).login());
    expect(answer).toMatchObject({ success: false, reason: 'INVALIDVERSION' });
  });

  test('SVRPRIVATE only for unknown names, SVRFULL only above the limit', async () => {
    const accounts = [
      { username: 'known', password: 'sandbox' },
      { username: 'other', password: 'sandbox' },
    ];
    const sandbox = await virtualSandbox({ server: { accounts, registrations: 'closed', maxUsers: 1 } });
    const login = (name: string) => sandbox.run(sandbox.person(name).login());
    expect(await login('stranger')).toMatchObject({ reason: 'SVRPRIVATE' });
    expect(await login('known')).toMatchObject({ success: true });
    expect(await login('other')).toMatchObject({ reason: 'SVRFULL' });
  });

  test('may be followed by a better one on the same connection', async () => {
    const sandbox = await virtualSandbox({ server: { accounts: [{ username: 'a', password: 'right' }] } });
    const person = sandbox.person('a', { password: 'wrong' });
    await sandbox.run(person.login());
    const answer = person.next('Login');
    person.send({
      type: 'Login',
      username: 'a',
      password: 'right',
      majorVersion: 177,
      hash: '',
      minorVersion: 1,
    });
    expect(await sandbox.run(answer)).toMatchObject({ success: true });
  });
});

describe('a successful login', () => {
  test('registers the name; the hash is that of the password alone', async () => {
    const sandbox = await virtualSandbox({ server: { greeting: 'hello' } });
    const answer = await sandbox.run(sandbox.person('new', { password: 'secret' }).login());
    expect(answer).toEqual({
      type: 'Login',
      success: true,
      greeting: 'hello',
      ip: '10.1.0.1',
      hash: createHash('md5').update('secret').digest('hex'),
      isSupporter: false,
    });
    expect(sandbox.server.world.account('new')).toMatchObject({ password: 'secret', online: true });
  });

  const stored: Record<Dialect, string[]> = {
    official: [
      ...['Login', 'MessageUser', 'MessageUser', 'RoomList', 'RoomMembers', 'RoomOperators'],
      ...[
        'ParentMinSpeed',
        'ParentSpeedRatio',
        'WishlistInterval',
        'PrivilegedUsers',
        'ExcludedSearchPhrases',
      ],
    ],
    soulfind: [
      ...['Login', 'RoomList', 'RoomMembers', 'RoomOperators', 'WishlistInterval', 'PrivilegedUsers'],
      ...['ExcludedSearchPhrases', 'MessageUser', 'MessageUser', 'GetUserStatus'],
    ],
  };
  test.each(['official', 'soulfind'] as const)(
    'comes with everything in the order of %s',
    async (dialect) => {
      const accounts = [
        { username: 'late', password: 'sandbox' },
        { username: 'rich', password: 'x', privilegedSeconds: 100 },
      ];
      const rooms = [{ name: 'den', owner: 'boss', members: ['late'] }];
      const sandbox = await virtualSandbox({
        server: { dialect, accounts, rooms, excludedPhrases: ['bad words'] },
      });
      const [early] = await sandbox.online('early');
      early!.pm('late', 'one');
      early!.pm('late', 'two');
      await sandbox.world.clock.advance(10);
      const late = sandbox.person('late', { invitations: false });
      await sandbox.run(late.login());
      await sandbox.world.clock.advance(10);
      expect(types(late)).toEqual(stored[dialect]);
      expect(late.all('WishlistInterval')).toEqual([{ type: 'WishlistInterval', interval: 720 }]);
      expect(late.all('PrivilegedUsers')[0]?.usernames).toEqual(['rich']);
      expect(late.all('ExcludedSearchPhrases')[0]?.phrases).toEqual(['bad words']);
      expect(late.all('MessageUser').map((m) => [m.message, m.isNew])).toEqual([
        ['one', false],
        ['two', false],
      ]);
      if (dialect === 'official') {
        expect(late.all('ParentMinSpeed')[0]?.speed).toBe(1);
        expect(late.all('ParentSpeedRatio')[0]?.ratio).toBe(50);
      }
    },
  );

  test('a second Login on the connection is ignored', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    a!.forget();
    a!.send({ type: 'Login', username: 'b', password: 'x', majorVersion: 177, hash: '', minorVersion: 1 });
    await sandbox.world.clock.advance(100);
    expect(types(a!)).toEqual([]);
    expect(sandbox.server.world.account('b')).toBeUndefined();
  });
});

describe('before the login', () => {
  test('other messages are ignored, and do not count afterwards', async () => {
    const sandbox = await virtualSandbox();
    const a = sandbox.person('a');
    await sandbox.run(a.connect());
    a.send({ type: 'SetWaitPort', port: 5000 }, { type: 'JoinRoom', room: 'lobby' });
    await sandbox.world.clock.advance(50);
    const answer = a.next('Login');
    a.send({ type: 'Login', username: 'a', password: 'x', majorVersion: 177, hash: '', minorVersion: 1 });
    expect(await sandbox.run(answer)).toMatchObject({ success: true });
    expect(sandbox.server.world.session('a')).toMatchObject({ port: 0, rooms: [] });
  });

  test('soulfind never answers a Login behind another message', async () => {
    const sandbox = await virtualSandbox({ server: { dialect: 'soulfind' } });
    const a = sandbox.person('a');
    await sandbox.run(a.connect());
    a.send({ type: 'ServerPing' });
    a.send({ type: 'Login', username: 'a', password: 'x', majorVersion: 177, hash: '', minorVersion: 1 });
    await sandbox.world.clock.advance(50_000);
    expect(types(a)).toEqual([]);
    expect(a.connected).toBe(true);
  });

  test('the connection lasts 60 seconds; after a refusal too', async () => {
    const sandbox = await virtualSandbox({ server: { accounts: [{ username: 'b', password: 'right' }] } });
    const a = sandbox.person('a');
    const b = sandbox.person('b', { password: 'wrong' });
    await sandbox.run(a.connect());
    await sandbox.run(b.login());
    await sandbox.world.clock.advance(59_900);
    expect([a.connected, b.connected]).toEqual([true, true]);
    await sandbox.world.clock.advance(200);
    expect([a.connected, b.connected]).toEqual([false, false]);
  });

  test('who logged in is not timed out', async () => {
    const sandbox = await virtualSandbox();
    const [a] = await sandbox.online('a');
    await sandbox.world.clock.advance(24 * 3_600_000);
    expect(a!.connected).toBe(true);
  });
});

test('the port that comes with the login is known at once, on soulfind after the next message', async () => {
  for (const dialect of ['official', 'soulfind'] as const) {
    const sandbox = await virtualSandbox({ server: { dialect } });
    const a = sandbox.person('a', { port: 4000, invitations: false });
    await sandbox.run(a.login());
    await sandbox.world.clock.advance(100);
    expect(sandbox.server.world.session('a')?.port).toBe(dialect === 'official' ? 4000 : 0);
    a.send({ type: 'ServerPing' });
    await sandbox.world.clock.advance(100);
    expect(sandbox.server.world.session('a')?.port).toBe(4000);
  }
});

describe('the same account again', () => {
  test.each(['official', 'soulfind'] as const)(
    'puts the older session out of its rooms, then out (%s)',
    async (dialect) => {
      const sandbox = await virtualSandbox({ server: { dialect } });
      const [old, mate] = await sandbox.online('a', 'mate');
      for (const room of ['r1', 'r2']) await sandbox.run(old!.join(room));
      await sandbox.run(mate!.join('r1'));
      old!.forget();
      const again = new SandboxPerson(sandbox.world.host('10.0.0.9'), 'a', {
        server: sandbox.address,
      });
      expect(await sandbox.run(again.login())).toMatchObject({ success: true });
      await sandbox.world.clock.advance(50);
      expect(types(old!).filter((type) => type !== 'GetUserStatus')).toEqual([
        'LeaveRoom',
        'LeaveRoom',
        'Relogged',
      ]);
      expect(old!.connected).toBe(false);
      expect(again.connected).toBe(true);
      expect(sandbox.server.world.sessions.map((s) => [s.username, s.host])).toEqual([
        ['mate', '10.1.0.2'],
        ['a', '10.0.0.9'],
      ]);
      expect(mate!.all('UserLeftRoom')).toHaveLength(1);
    },
  );

  test('a wrong password does not disturb the session; soulfind shows it offline', async () => {
    for (const dialect of ['official', 'soulfind'] as const) {
      const sandbox = await virtualSandbox({ server: { dialect } });
      const [a, watcher] = await sandbox.online('a', 'watcher');
      watcher!.watch('a');
      await sandbox.run(watcher!.untilType('WatchUser'));
      watcher!.forget();
      const thief = new SandboxPerson(sandbox.world.host('10.0.0.9'), 'a', {
        server: sandbox.address,
        password: 'guess',
      });
      expect(await sandbox.run(thief.login())).toMatchObject({ reason: 'INVALIDPASS' });
      await sandbox.world.clock.advance(50);
      expect(a!.connected).toBe(true);
      expect(watcher!.all('GetUserStatus').map((m) => m.status)).toEqual(dialect === 'official' ? [] : [0]);
    }
  });
});

test('passwords can be changed; only success is answered', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  a!.send({ type: 'ChangePassword', password: '' });
  a!.send({ type: 'ChangePassword', password: 'better' });
  await sandbox.run(a!.untilType('ChangePassword'));
  expect(a!.all('ChangePassword')).toEqual([{ type: 'ChangePassword', password: 'better' }]);
  a!.drop();
  await sandbox.world.clock.advance(50);
  expect(await sandbox.run(a!.login())).toMatchObject({ reason: 'INVALIDPASS' });
});
