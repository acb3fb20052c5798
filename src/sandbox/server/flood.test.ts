import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { SandboxPerson } from '../people/person.ts';
import { virtualSandbox } from '../sandbox.ts';
import { FloodDetector } from './flood.ts';
import { DEFAULT_FLOOD_LIMITS } from './flood-limits.ts';
import { texts } from './texts.ts';

const BAN =
  'System Message: You have been banned for 30 minutes. This is usually the result of doing too many operations at once. Do not flood chat rooms or private chat with many messages. Do not repeat the same text several times in a row. Do not quickly repeat a search. Do not connect and disconnect quickly. Do not connect many clients at once from the same IP. This list is by no mean exhaustive. You will be able to reconnect to the service in 30 minutes. NOTE: This is an automatic message, dont try to answer it.';

test('the ban notice is word for word that of the real server', () => {
  expect(texts.banned(30)).toBe(BAN);
});

describe('a flood of', () => {
  const floods: Record<string, (person: SandboxPerson, i: number) => void> = {
    'room lines': (p, i) => p.say('r', `line ${i}`),
    'private lines': (p, i) => p.pm('b', `line ${i}`),
    'the same line': (p) => p.say('r', 'again'),
    'the same private line': (p) => p.pm('b', 'again'),
    searches: (p, i) => p.send({ type: 'FileSearch', token: i, query: `query ${i}` }),
    wishes: (p, i) => p.send({ type: 'WishlistSearch', token: i, query: `query ${i}` }),
    'user searches': (p, i) => p.send({ type: 'UserSearch', username: 'b', token: i, query: `query ${i}` }),
    'room searches': (p, i) => p.send({ type: 'RoomSearch', room: 'r', token: i, query: `query ${i}` }),
    'the same search': (p, i) => p.send({ type: 'FileSearch', token: i, query: 'same' }),
    'lines to many': (p, i) =>
      p.send({ type: 'MessageUsers', usernames: ['b', 'c', 'd', 'e', 'f'], message: `to all ${i}` }),
  };
  test.each(Object.entries(floods))('%s ends in the notice and a close', async (_name, flood) => {
    const sandbox = await virtualSandbox();
    const [a, b] = await sandbox.online('a', 'b');
    for (const person of [a, b]) await sandbox.run(person!.join('r'));
    a!.forget();
    for (let i = 0; i < 45 && a!.connected; i++) {
      flood(a!, i);
      await sandbox.world.clock.advance(100);
    }
    expect(a!.connected).toBe(false);
    expect(a!.heard.at(-1)!.message).toMatchObject({ type: 'MessageUser', username: 'server', message: BAN });
    expect(b!.connected).toBe(true);
    expect(b!.all('UserLeftRoom')).toHaveLength(1);
  });
});

test('the line that was too much is not delivered', async () => {
  const sandbox = await virtualSandbox();
  const [a, b] = await sandbox.online('a', 'b');
  for (const person of [a, b]) await sandbox.run(person!.join('r'));
  for (let i = 0; i < 30; i++) a!.say('r', `line ${i}`);
  await sandbox.world.clock.advance(100);
  expect(b!.all('SayChatroom')).toHaveLength(DEFAULT_FLOOD_LIMITS.roomLines[0]!.count);
});

test('a ban lasts half an hour: the address gets an end at once, the account elsewhere no answer; then all is well', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a', 'b');
  sandbox.server.ban('a', 30);
  await sandbox.world.clock.advance(10);
  expect(a!.heard.at(-1)!.message).toMatchObject({ message: BAN });
  expect(sandbox.server.world.bans).toEqual({ accounts: ['a'], addresses: ['10.1.0.1'] });

  const elsewhere = new SandboxPerson(sandbox.world.host('10.0.0.9'), 'a', { server: sandbox.address });
  const other = new SandboxPerson(sandbox.world.host('10.1.0.1'), 'other', { server: sandbox.address });
  await expect(sandbox.run(other.login())).rejects.toThrow('the connection ended');
  await expect(sandbox.run(elsewhere.login(50_000))).rejects.toThrow('50000 ms passed');
  expect(elsewhere.connected).toBe(true);
  await sandbox.world.clock.advance(11_000);
  expect(elsewhere.connected).toBe(false);
  expect(other.heard).toEqual([]);

  await sandbox.world.clock.advance(29 * 60_000 - 62_000);
  await expect(sandbox.run(a!.login())).rejects.toThrow('the connection ended');
  await sandbox.world.clock.advance(61_000);
  expect(sandbox.server.world.bans).toEqual({ accounts: [], addresses: [] });
  expect(await sandbox.run(a!.login())).toMatchObject({ success: true });
});

test('a ban outlives a restart of the server, and can be lifted', async () => {
  const sandbox = await virtualSandbox();
  const [a] = await sandbox.online('a');
  sandbox.server.ban('a', 30);
  await sandbox.server.restart();
  await expect(sandbox.run(a!.login())).rejects.toThrow();
  sandbox.server.unban('a', '10.1.0.1');
  expect(await sandbox.run(a!.login())).toMatchObject({ success: true });
});

test('loopback is never banned: everybody there shares it', async () => {
  const sandbox = await virtualSandbox();
  const local = sandbox.world.host('10.0.0.1');
  const server = { host: '127.0.0.1', port: 2242 };
  const a = new SandboxPerson(local, 'a', { server: { ...server, host: '10.0.0.1' } });
  expect(await sandbox.run(a.login())).toMatchObject({ success: true });
  const detector = new FloodDetector(sandbox.world.clock, DEFAULT_FLOOD_LIMITS);
  const verdicts = Array.from({ length: 100 }, () => detector.connection('127.0.0.1'));
  expect(verdicts.every((verdict) => verdict === undefined)).toBe(true);
});

test('connecting again and again gets the address banned', async () => {
  const sandbox = await virtualSandbox();
  const a = sandbox.person('a');
  for (let i = 0; i < 31; i++) {
    await sandbox.run(a.connect());
    await sandbox.world.clock.advance(500);
  }
  expect(sandbox.server.world.bans.addresses).toEqual(['10.1.0.1']);
  expect(a.connected).toBe(false);
});

test('logging in again and again gets the account banned', async () => {
  const sandbox = await virtualSandbox();
  const a = sandbox.person('a');
  for (let i = 0; i < 11; i++) {
    await sandbox.run(a.login());
    await sandbox.world.clock.advance(1000);
  }
  expect(sandbox.server.world.bans.accounts).toEqual(['a']);
});

test('a polite client never trips: twenty lines a minute, ten private ones, thirty searches in 220 s, for a day', async () => {
  const clock = new VirtualClock();
  const flood = new FloodDetector(clock, DEFAULT_FLOOD_LIMITS);
  const faults = new Set<string | undefined>();
  for (let second = 0; second < 24 * 3600; second++) {
    if (second % 3 === 0) faults.add(flood.roomLine('a', 'r', `line ${second}`));
    if (second % 6 === 0) faults.add(flood.privateLines('a', [`user${second}`], 'the same greeting'));
    if (second % 8 === 0) faults.add(flood.search('a', `query ${second % 640}`));
    await clock.advance(1000);
  }
  expect([...faults]).toEqual([undefined]);
}, 60_000);

test('limits can be replaced one by one, and switched off', async () => {
  const strict = await virtualSandbox({
    server: { floodLimits: { roomLines: [{ count: 2, withinMs: 1000 }], banMinutes: 5 } },
  });
  const [a] = await strict.online('a');
  await strict.run(a!.join('r'));
  for (const text of ['1', '2', '3']) a!.say('r', text);
  await strict.world.clock.advance(10);
  expect(a!.all('MessageUser')[0]?.message).toContain('banned for 5 minutes');

  const free = await virtualSandbox({ server: { floodLimits: false } });
  const [b] = await free.online('b');
  await free.run(b!.join('r'));
  for (let i = 0; i < 500; i++) b!.say('r', 'again');
  await free.world.clock.advance(10);
  expect(b!.all('SayChatroom')).toHaveLength(500);
});
