import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { ServerResponse } from '../../protocol/index.ts';
import { FakeLink, recorder, settled } from '../fake-link.test-support.ts';
import { Users } from './users.ts';

const STATS = { avgSpeed: 10, uploadNum: 1, unknown: 0, files: 5, dirs: 2 };
const status = (username: string, code: number, privileged = false): ServerResponse => ({
  type: 'GetUserStatus',
  username,
  status: code,
  privileged,
});
const watched = (username: string, code = 2): ServerResponse => ({
  type: 'WatchUser',
  username,
  exists: true,
  status: code,
  ...STATS,
  countryCode: 'NL',
});

function bench(login = true) {
  const link = new FakeLink();
  const clock = new VirtualClock();
  const log = memoryLog();
  const { emitter, events } = recorder();
  const users = new Users({ link, clock, log, emitter });
  const take = () => events.splice(0).filter(([, event]) => event['user'] !== 'bot');
  if (login) link.login();
  link.frames = [];
  return { link, clock, log, users, take };
}

describe('watching', () => {
  it('counts watches: one subscription, ended by the last', () => {
    const { link, users } = bench();
    const undo = [users.watch('ann'), users.watch('ann')];
    expect(link.take()).toEqual([{ type: 'WatchUser', username: 'ann' }]);
    undo[0]!();
    undo[0]!();
    expect(link.take()).toEqual([]);
    expect(users.snapshot('ann').watched).toBe(true);
    undo[1]!();
    expect(link.take()).toEqual([{ type: 'UnwatchUser', username: 'ann' }]);
    expect(users.snapshot('ann')).toEqual({ user: 'ann', rooms: [], watched: false });
    users.watch('ann');
    expect(link.takeTypes()).toEqual(['WatchUser']);
  });

  it('works while offline, and again after each login', () => {
    const { link, users } = bench(false);
    users.watch('ann');
    users.watch('zoe')();
    expect(link.take()).toEqual([]);
    for (let i = 0; i < 2; i++) {
      link.login();
      expect(link.take().filter(({ type }) => type === 'WatchUser')).toEqual([
        { type: 'WatchUser', username: 'ann' },
      ]);
      link.lose();
    }
    expect(users.size).toBe(1);
  });

  it('tries again when our own queue turned it away', async () => {
    const { link, clock, users } = bench();
    link.outcome = () => ({ state: 'dropped', code: 'queue-full', reason: 'full' });
    const undo = users.watch('ann');
    await settled();
    link.take();
    await clock.advance(30_000);
    expect(link.takeTypes()).toEqual(['WatchUser']);
    undo();
    await clock.advance(60_000);
    expect(link.takeTypes()).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('follows status and statistics, each change once', () => {
    const { link, users, take } = bench();
    users.watch('ann');
    link.says(watched('ann'), status('ann', 2), status('ann', 1), status('ann', 1), status('ann', 1, true));
    expect(take()).toMatchObject([
      ['user.stats', { user: 'ann', stats: { avgSpeed: 10, uploads: 1, files: 5, folders: 2 } }],
      ['user.status', { user: 'ann', status: 'online', privileged: false }],
      ['user.status', { user: 'ann', status: 'away', was: 'online' }],
      ['user.status', { user: 'ann', status: 'away', was: 'away', privileged: true }],
    ]);
    expect(users.snapshot('ann')).toEqual({
      user: 'ann',
      exists: true,
      status: 'away',
      stats: { avgSpeed: 10, uploads: 1, files: 5, folders: 2 },
      privileged: true,
      country: 'NL',
      rooms: [],
      watched: true,
    });
    link.says(
      { type: 'GetUserStats', username: 'ann', ...STATS },
      { type: 'GetUserStats', username: 'ann', ...STATS, files: 6 },
    );
    expect(take()).toMatchObject([['user.stats', { stats: { files: 6 } }]]);
  });

  it('asks for statistics again when a watched user comes back', () => {
    const { link, users } = bench();
    users.watch('ann');
    link.says(watched('ann', 0));
    link.take();
    link.says(status('ann', 2));
    expect(link.take()).toEqual([{ type: 'GetUserStats', username: 'ann' }]);
  });

  it('knows that an account does not exist', () => {
    const { link, users } = bench();
    users.watch('nobody');
    link.says({ type: 'WatchUser', username: 'nobody', exists: false });
    expect(users.snapshot('nobody')).toMatchObject({ exists: false });
  });

  it('an answer that comes after the last watch ended leaves nothing behind', () => {
    const { link, users, take } = bench();
    const size = users.size;
    users.watch('ann')();
    link.says(watched('ann'), status('ann', 2), status('zoe', 2), {
      type: 'GetUserStats',
      username: 'zoe',
      ...STATS,
    });
    expect(take()).toEqual([]);
    expect(users.size).toBe(size);
  });
});

describe('room mates', () => {
  const facts = {
    status: 'online',
    stats: { avgSpeed: 0, uploads: 0, files: 0, folders: 0 },
    slotsFull: false,
    country: '',
  } as const;

  it('are followed while they share a room, watched or not', () => {
    const { link, users, take } = bench();
    users.enteredRoom('indie', 'ann', facts);
    users.enteredRoom('jazz', 'ann', facts);
    const undo = users.watch('ann');
    undo();
    link.says(status('ann', 1));
    expect(take()).toMatchObject([['user.status', { user: 'ann', was: 'online' }]]);
    users.leftRoom('indie', 'ann');
    expect(users.snapshot('ann')).toMatchObject({ status: 'away', rooms: ['jazz'] });
    users.leftRoom('jazz', 'ann');
    expect(users.snapshot('ann')).toEqual({ user: 'ann', rooms: [], watched: false });
  });
});

describe('asking', () => {
  it('facts asks for what is missing, shares the questions, keeps nothing', async () => {
    const { link, users, take } = bench();
    await settled();
    const size = users.size;
    const both = Promise.all([users.facts('ann'), users.facts('ann')]);
    expect(link.takeTypes()).toEqual(['GetUserStatus', 'GetUserStats']);
    link.says(status('ann', 2, true), { type: 'GetUserStats', username: 'ann', ...STATS });
    for (const facts of await both)
      expect(facts).toMatchObject({ status: 'online', privileged: true, stats: { files: 5 } });
    expect(take()).toEqual([]);
    expect(users.size).toBe(size);
    users.watch('zoe');
    link.says(watched('zoe'));
    link.take();
    expect(await users.facts('zoe')).toMatchObject({ status: 'online' });
    expect(link.take()).toEqual([]);
  });

  it('facts ends without an answer, and with the connection', async () => {
    const { link, clock, users } = bench();
    const silent = users.facts('ann');
    link.says(status('ann', 0));
    await clock.advance(10_000);
    expect(await silent).toEqual({
      user: 'ann',
      status: 'offline',
      privileged: false,
      rooms: [],
      watched: false,
    });
    const lost = users.facts('ann');
    link.lose();
    expect(await lost).toEqual({ user: 'ann', rooms: [], watched: false });
    expect(await users.facts('ann')).toEqual({ user: 'ann', rooms: [], watched: false });
  });

  const address = (port: number, ip = '1.2.3.4'): ServerResponse => ({
    type: 'GetPeerAddress',
    username: 'ann',
    ip,
    port,
    obfuscationType: 1,
    obfuscatedPort: 99,
  });

  it('addresses are remembered of watched users only, until they go offline or half an hour passes', async () => {
    const { link, clock, users } = bench();
    const ask = async (answer: ServerResponse) => {
      const asked = users.address('ann');
      const wasAsked = link.takeTypes().includes('GetPeerAddress');
      if (wasAsked) link.says(answer);
      return [wasAsked, await asked] as const;
    };
    const known = { state: 'known', ip: '1.2.3.4', port: 2234, obfuscated: { type: 1, port: 99 } };
    expect(await ask(address(2234))).toEqual([true, known]);
    expect(await ask(address(2234))).toEqual([true, known]);
    users.watch('ann');
    link.says(watched('ann'));
    expect(await ask(address(0))).toMatchObject([true, { state: 'known', port: 0 }]);
    expect(await ask(address(2234))).toEqual([true, known]);
    expect(await ask(address(1))).toEqual([false, known]);
    link.says(status('ann', 0), status('ann', 2));
    expect(await ask(address(2235))).toMatchObject([true, { port: 2235 }]);
    await clock.advance(30 * 60_000);
    expect(await ask(address(0, '0.0.0.0'))).toEqual([true, { state: 'offline' }]);
    const silent = users.address('ann');
    await clock.advance(10_000);
    expect(await silent).toMatchObject({ state: 'unknown' });
  });
});

describe('privileges', () => {
  it('come from the list, from single changes and from the status flag', () => {
    const { link, users, take } = bench();
    expect(users.snapshot('ann').privileged).toBeUndefined();
    link.says({ type: 'PrivilegedUsers', usernames: ['ann'] });
    expect([users.snapshot('ann').privileged, users.snapshot('zoe').privileged]).toEqual([true, false]);
    users.watch('zoe');
    link.says(watched('zoe'), { type: 'AddToPrivileged', username: 'zoe' });
    expect(take().at(-1)).toMatchObject(['user.status', { user: 'zoe', privileged: true }]);
    link.says({ type: 'UserPrivileged', username: 'zoe', privileged: false });
    expect(users.snapshot('zoe').privileged).toBe(false);
    link.lose();
    expect(users.snapshot('ann').privileged).toBeUndefined();
  });

  it('time left is asked at login and on request, and told as an event', async () => {
    const { link, users, take } = bench(false);
    link.login();
    expect(link.takeTypes()).toContain('CheckPrivileges');
    const left = users.privilegesLeft();
    link.says({ type: 'CheckPrivileges', timeLeft: 86_400 });
    expect(await left).toBe(86_400);
    expect(take()).toEqual([['privileges.left', { seconds: 86_400 }]]);
  });
});

describe('our own status', () => {
  it('is tracked here: the server does not confirm the way back', async () => {
    const { link, users } = bench();
    await settled();
    expect(users.ownStatus).toBe('online');
    await users.setStatus('away');
    link.says(status('bot', 1));
    expect(users.ownStatus).toBe('away');
    await users.setStatus('online');
    expect(users.ownStatus).toBe('online');
    await users.setStatus('away');
    link.lose();
    expect(users.ownStatus).toBe('offline');
    link.take();
    link.login();
    await settled();
    expect(link.take()).toContainEqual({ type: 'SetStatus', status: 1 });
    expect(users.ownStatus).toBe('away');
  });
});
