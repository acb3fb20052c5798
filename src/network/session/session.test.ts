import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MemoryLog, memoryLog } from '../../platform/memory-log.ts';
import { type VirtualPlatform, virtualPlatform } from '../../platform/virtual/virtual-platform.ts';
import { SoulseekClient } from '../client.ts';
import type { ClientEvents } from '../events.ts';
import { MemoryState } from '../memory-ports.ts';
import type { SoulseekClientOptions } from '../network-options.ts';
import { NotOnlineError } from '../not-online-error.ts';
import { ACCEPTED, ScriptedServer, SERVER } from '../scripted-server.test-support.ts';

const MINUTE = 60_000;
const BAN_NOTICE =
  'System Message: You have been banned for 30 minutes. This is usually the result of doing too many operations at once.';

let log: MemoryLog;
let world: VirtualPlatform;
let server: ScriptedServer;
let state: MemoryState;

beforeEach(async () => {
  log = memoryLog();
  world = virtualPlatform({ log });
  server = new ScriptedServer(world);
  state = new MemoryState();
  await server.open();
});

function client(options: Partial<SoulseekClientOptions> = {}): SoulseekClient {
  return new SoulseekClient({
    platform: world.host('10.0.0.2'),
    server: SERVER,
    username: 'bot',
    password: 'hunter2',
    listen: { port: 2234 },
    state,
    ...options,
  });
}

/** Starts one and tells its states as they come. */
async function started(options: Partial<SoulseekClientOptions> = {}) {
  const bot = client(options);
  const states: string[] = [];
  bot.on('state', (event) => states.push(event.state.name));
  await bot.start();
  return { bot, states };
}

const dialled = () => server.peers.map(({ openedAt }) => openedAt);

describe('logging in', () => {
  it('goes through its states to online', async () => {
    const { bot, states } = await started();
    await world.clock.run(bot.online());
    expect(states).toEqual(['connecting', 'logging-in', 'online']);
    expect(bot.state).toMatchObject({
      name: 'online',
      greeting: 'welcome',
      ip: '10.0.0.2',
      supporter: false,
    });
  });

  it('writes Login and SetWaitPort at once, with version 177 and the MD5 of name and password', async () => {
    server.onRequest = () => {};
    const { bot } = await started();
    await world.clock.advance(1000);
    expect(server.latest.chunks).toHaveLength(1);
    expect(server.latest.requests).toEqual([
      {
        type: 'Login',
        username: 'bot',
        password: 'hunter2',
        majorVersion: 177,
        hash: createHash('md5').update('bothunter2').digest('hex'),
        minorVersion: 1,
      },
      { type: 'SetWaitPort', port: 2234, obfuscationType: 1, obfuscatedPort: 2235 },
    ]);
    expect(bot.peers.ports).toEqual({ plain: 2234, obfuscated: 2235 });
  });

  it('sends nothing else before the reply, then what belongs to a session in its order', async () => {
    server.onRequest = () => {};
    const { bot } = await started({ shares: { folders: 3, files: 40 }, invitations: true });
    void bot.rooms.join('indie');
    bot.interests.like('jazz');
    bot.users.watch('friend');
    void bot.rooms.feed(true);
    await world.clock.advance(1000);
    expect(server.latest.types).toEqual(['Login', 'SetWaitPort']);
    server.latest.say(ACCEPTED);
    await world.clock.advance(100);
    expect(server.latest.requests.slice(2, 7)).toEqual([
      { type: 'HaveNoParent', noParent: true },
      { type: 'BranchRoot', username: 'bot' },
      { type: 'BranchLevel', level: 0 },
      { type: 'AcceptChildren', accept: false },
      { type: 'SharedFoldersFiles', dirs: 3, files: 40 },
    ]);
    const order = ['CheckPrivileges', 'SetStatus', 'WatchUser', 'AddThingILike', 'WatchUser', 'RoomList'];
    expect(server.latest.types.slice(7, 13)).toEqual(order);
    expect([...server.latest.types.slice(13)].sort()).toEqual([
      'EnableRoomInvitations',
      'JoinGlobalRoom',
      'JoinRoom',
    ]);
    const watched = server.latest.requests.filter(({ type }) => type === 'WatchUser');
    expect(watched).toEqual([
      { type: 'WatchUser', username: 'bot' },
      { type: 'WatchUser', username: 'friend' },
    ]);
  });

  it('latches a refusal with its reason, and tries again when a person says so', async () => {
    server.onRequest = (request, peer) => {
      if (request.type === 'Login') peer.say({ type: 'Login', success: false, reason: 'INVALIDPASS' });
    };
    const { bot } = await started();
    await expect(world.clock.run(bot.online())).rejects.toThrow(NotOnlineError);
    expect(bot.state).toEqual({ name: 'refused', reason: 'INVALIDPASS' });
    await world.clock.advance(24 * 60 * MINUTE);
    expect(server.peers).toHaveLength(1);
    expect(server.peers[0]!.closed).toBe(true);
    server.onRequest = (request, peer) => {
      if (request.type === 'Login') peer.say(ACCEPTED);
    };
    bot.retry();
    await world.clock.run(bot.online());
  });

  it('keeps the detail of a refused name', async () => {
    server.onRequest = (_, peer) => {
      peer.say({ type: 'Login', success: false, reason: 'INVALIDUSERNAME', detail: 'Nick too long.' });
    };
    const { bot } = await started();
    await world.clock.advance(1000);
    expect(bot.state).toEqual({ name: 'refused', reason: 'INVALIDUSERNAME', detail: 'Nick too long.' });
  });

  it('never shows the password', async () => {
    server.onRequest = (_, peer) => peer.say({ type: 'Login', success: false, reason: 'INVALIDPASS' });
    const { bot } = await started();
    await world.clock.advance(1000);
    const error: unknown = await bot.online().catch((reason: unknown) => reason);
    for (const thing of [bot, error, log.lines, bot.governor.snapshot(), bot.state]) {
      expect(inspect(thing, { depth: 20, showHidden: true, getters: true })).not.toContain('hunter2');
      expect(JSON.stringify(thing) ?? '').not.toContain('hunter2');
    }
  });
});

describe('bans', () => {
  const banned = async (minutes: number, text = BAN_NOTICE) => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    await world.clock.advance(2 * MINUTE);
    const at = world.clock.now();
    server.latest.say({
      type: 'MessageUser',
      id: 1,
      timestamp: 5,
      username: 'server',
      message: text,
      isNew: true,
    });
    await world.clock.advance(100);
    expect(bot.state).toMatchObject({ name: 'banned', evidence: 'notice', text });
    const { until } = bot.state as { until: number };
    expect(until - at).toBeGreaterThanOrEqual((minutes + 1) * MINUTE);
    expect(until - at).toBeLessThan((minutes + 1) * MINUTE + 100);
    return bot;
  };

  it('reads the notice and stays away for its time and a minute', async () => {
    const bot = await banned(30);
    expect(server.latest.closed).toBe(true);
    await world.clock.advance(30.9 * MINUTE);
    expect(server.peers).toHaveLength(1);
    await world.clock.advance(0.2 * MINUTE);
    expect(server.peers).toHaveLength(2);
    expect(bot.state.name).toBe('online');
  });

  it('takes the time from the notice', async () => {
    await banned(45, 'System Message: You have been banned for 45 minutes. Bye.');
  });

  it('is quiet while banned', async () => {
    const bot = await banned(30);
    const outcome = await bot.link.send({ type: 'RoomList' }, { kind: 'housekeeping' });
    expect(outcome).toMatchObject({ state: 'dropped', code: 'banned' });
  });

  it('does not come back earlier because it was restarted, nor because a clock was set back', async () => {
    const bot = await banned(30);
    await world.clock.advance(10 * MINUTE);
    await bot.stop();
    world.clock.jumpWallClock(-5 * MINUTE);
    const again = await started();
    expect(again.bot.state).toMatchObject({ name: 'banned', evidence: 'notice' });
    await world.clock.advance(20.9 * MINUTE);
    expect(server.peers).toHaveLength(1);
    await world.clock.advance(10 * MINUTE);
    expect(server.peers).toHaveLength(2);
  });

  it('comes back on time after a restart', async () => {
    const bot = await banned(30);
    await bot.stop();
    await world.clock.advance(20 * MINUTE);
    const again = await started();
    await world.clock.advance(10.8 * MINUTE);
    expect(server.peers).toHaveLength(1);
    await world.clock.advance(0.3 * MINUTE);
    expect(again.bot.state.name).toBe('online');
  });

  it('ignores a notice that the server had stored', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    server.latest.say({
      type: 'MessageUser',
      id: 1,
      timestamp: 5,
      username: 'server',
      message: BAN_NOTICE,
      isNew: false,
    });
    await world.clock.advance(1000);
    expect(bot.state.name).toBe('online');
  });

  it('takes no answer to the login for a ban of 30 minutes', async () => {
    server.onRequest = () => {};
    const { bot } = await started();
    await world.clock.advance(76_000);
    expect(bot.state).toMatchObject({ name: 'banned', evidence: 'no-answer' });
    expect(server.peers[0]!.closed).toBe(true);
    await world.clock.advance(29 * MINUTE);
    expect(server.peers).toHaveLength(1);
    await world.clock.advance(MINUTE);
    expect(server.peers).toHaveLength(2);
  });

  it('takes a connection closed at the time-out of the server for no answer', async () => {
    server.onRequest = (request, peer) => {
      if (request.type === 'Login') world.clock.setTimeout(() => peer.close(), 62_000);
    };
    const { bot } = await started();
    await world.clock.advance(63_000);
    expect(bot.state).toMatchObject({ name: 'banned', evidence: 'no-answer' });
  });

  it('takes one early end for chance, and two in a row for a ban, even over a restart', async () => {
    server.onConnect = (peer) => peer.close();
    const { bot } = await started();
    await world.clock.advance(1000);
    expect(bot.state).toMatchObject({ name: 'offline' });
    expect((bot.state as { retryAt: number }).retryAt).toBeGreaterThan(world.clock.now());
    await bot.stop();
    const again = await started();
    expect(again.bot.state).toMatchObject({
      name: 'offline',
      reason: expect.stringContaining('earlier run'),
    });
    await world.clock.advance(11_000);
    expect(again.bot.state).toMatchObject({ name: 'banned', evidence: 'closed-before-reply' });
    await world.clock.advance(29 * MINUTE);
    expect(server.peers).toHaveLength(2);
  });

  it('forgets an early end when the next login is answered', async () => {
    let ends = 1;
    server.onConnect = (peer) => {
      if (ends-- > 0) peer.close();
    };
    const { bot } = await started();
    await world.clock.run(bot.online());
    ends = 1;
    server.latest.close();
    await world.clock.advance(100);
    await world.clock.run(bot.online(), { timeoutMs: 5 * MINUTE });
    expect(server.peers).toHaveLength(4);
  });
});

describe('losing the connection', () => {
  it('latches when somebody else logs in, and never comes back by itself', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    server.latest.say({ type: 'Relogged' });
    server.latest.close();
    await world.clock.advance(48 * 60 * MINUTE);
    expect(bot.state.name).toBe('replaced');
    expect(server.peers).toHaveLength(1);
  });

  it('says what is wrong and when it tries again while the server is down', async () => {
    await server.shut();
    const { bot } = await started();
    await world.clock.advance(100);
    expect(bot.state).toMatchObject({ name: 'offline', reason: expect.stringContaining('ECONNREFUSED') });
    const { retryAt } = bot.state as { retryAt: number };
    expect(retryAt - world.clock.now()).toBeGreaterThan(4000);
    expect(retryAt - world.clock.now()).toBeLessThanOrEqual(15_000);
    await server.open();
    await world.clock.run(bot.online());
  });

  it('names a host that does not exist', async () => {
    const { bot } = await started({ server: { host: 'nowhere.example', port: 2242 } });
    await world.clock.advance(100);
    expect(bot.state).toMatchObject({ name: 'offline', reason: expect.stringContaining('ENOTFOUND') });
  });

  it('waits 5 to 15 s, twice as long each time, five minutes at most', async () => {
    await server.shut();
    const waits: number[] = [];
    const bot = client();
    bot.on('state', ({ state: now, at }) => {
      if (now.name === 'offline' && now.retryAt !== undefined) waits.push(now.retryAt - at);
    });
    await bot.start();
    await world.clock.advance(60 * MINUTE);
    for (const [i, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(Math.min(5000 * 2 ** i, 300_000));
      expect(wait).toBeLessThanOrEqual(Math.min(15_000 * 2 ** i, 300_000));
    }
    expect(waits.length).toBeGreaterThan(8);
  });

  it('starts anew after a session that lasted a minute, and not after a shorter one', async () => {
    const { bot } = await started();
    const drop = async (afterMs: number) => {
      await world.clock.run(bot.online(), { timeoutMs: 10 * MINUTE });
      await world.clock.advance(afterMs);
      const at = world.clock.now();
      server.latest.close();
      await world.clock.advance(100);
      return (bot.state as { retryAt: number }).retryAt - at;
    };
    await drop(10_000);
    await drop(10_000);
    expect(await drop(10_000)).toBeGreaterThanOrEqual(20_000);
    expect(await drop(70_000)).toBeLessThanOrEqual(15_100);
  });

  it('does not hammer the server in a crash loop', async () => {
    for (let i = 0; i < 40; i++) {
      const bot = client({ listen: false });
      await bot.start();
      // It crashes 3 s after it came online, and is started again at once.
      await world.clock.advance(3000);
      world.net.host('10.0.0.2').crash();
      // So that what is left of it in this process stays dead.
      void bot.stop();
    }
    const at = dialled();
    expect(at.length).toBeLessThan(7);
    for (let i = 1; i < at.length; i++) expect(at[i]! - at[i - 1]!).toBeGreaterThanOrEqual(10_000);
  });

  it('tells everybody that the session is over before it tells that it is offline', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    const order: string[] = [];
    bot.link.onLost(() => order.push(`lost while ${bot.state.name}`));
    bot.on('state', (event) => order.push(`${event.was.name} to ${event.state.name}`));
    server.latest.close();
    await world.clock.advance(100);
    expect(order).toEqual(['lost while offline', 'online to offline']);
  });

  it('pings every five minutes and notices a server that takes no more bytes', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    await world.clock.advance(16 * MINUTE);
    expect(server.latest.types.filter((type) => type === 'ServerPing')).toHaveLength(3);
    expect(server.peers).toHaveLength(1);
    server.latest.freeze();
    for (let i = 0; i < 60; i++) {
      void bot.link.send({ type: 'AddThingILike', item: 'x'.repeat(8000) }, { kind: 'housekeeping' });
    }
    await world.clock.advance(2 * MINUTE);
    expect(server.peers).toHaveLength(2);
  });

  it('cannot be told to log in while attempts cannot be recorded', async () => {
    const broken = { load: async () => undefined, save: () => Promise.reject(new Error('ENOSPC')) };
    const { bot } = await started({ state: broken });
    await world.clock.advance(10 * MINUTE);
    expect(server.peers).toHaveLength(0);
    expect(bot.state).toMatchObject({ name: 'offline', reason: expect.stringContaining('recorded') });
  });
});

describe('garbage from the server', () => {
  const u32 = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);

  it('is told once for each kind and then at powers of ten, and does not end the connection', async () => {
    const { bot } = await started();
    const problems: ClientEvents['problem'][] = [];
    bot.on('problem', (problem) => problems.push(problem));
    await world.clock.run(bot.online());
    for (let i = 0; i < 100; i++) server.latest.raw(u32(4, 9999));
    server.latest.raw(u32(3));
    server.latest.raw(Buffer.from([0, 0, 0]));
    // A message that says that its text is longer than the frame.
    server.latest.raw(u32(8, 66, 1_000_000));
    server.latest.say({ type: 'AdminMessage', message: 'still here' });
    const heard = new Promise((resolve) => bot.on('announcement', resolve));
    await world.clock.run(heard);
    expect(problems.map(({ kind, count }) => [kind, count])).toEqual([
      ['unknown-code', 1],
      ['unknown-code', 10],
      ['unknown-code', 100],
      ['bad-length', 1],
      ['truncated', 1],
    ]);
    expect(log.at('warn', 'The server sent something that makes no sense')).toHaveLength(5);
    expect(server.peers).toHaveLength(1);
  });

  it('of absurd length ends the connection, and it comes back', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    server.latest.raw(u32(0xffff_ffff, 64));
    await world.clock.advance(100);
    expect(bot.state).toMatchObject({ name: 'offline', reason: expect.stringContaining('absurd length') });
    expect(server.peers[0]!.closed).toBe(true);
    await world.clock.run(bot.online());
  });

  it('cannot break the reading by making a handler fail', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    bot.link.on('AdminMessage', () => {
      throw new Error('boom');
    });
    let heard = 0;
    bot.on('announcement', () => {
      heard += 1;
    });
    bot.link.on('AdminMessage', () => {
      heard += 1;
    });
    server.latest.say({ type: 'AdminMessage', message: 'x' });
    await world.clock.advance(100);
    expect(heard).toBe(2);
    expect(log.at('error')).toHaveLength(1);
  });

  it('in any pieces and of any bytes never throws', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    for (let i = 0; i < 300; i++) {
      const bytes = world.random.bytes(world.random.int(1, 60));
      const body = Buffer.concat([u32(bytes.length + 4, world.random.int(1, 160)), bytes]);
      server.latest.raw(body);
    }
    await world.clock.advance(1000);
    // Among so many there may be a Relogged or a ban; none may take the process down.
    expect(log.at('error').filter(({ message }) => message.includes('failed at'))).toEqual([]);
  });
});

describe('starting and stopping', () => {
  it('refuses to start when the port is taken, in plain words', async () => {
    await world.host('10.0.0.2').transport.listen({ host: '0.0.0.0', port: 2234 }, () => {});
    await expect(client().start()).rejects.toMatchObject({
      name: 'ListenError',
      code: 'EADDRINUSE',
      message: expect.stringContaining('taken by another program'),
    });
    await world.clock.advance(MINUTE);
    expect(server.peers).toHaveLength(0);
  });

  it('closes peers that connect and say nothing, and counts them', async () => {
    const { bot } = await started();
    let closed = false;
    const dial = world.host('10.0.0.9').transport.connect({ host: '10.0.0.2', port: 2234, timeoutMs: 1000 });
    const connection = await world.clock.run(dial);
    connection.start({
      onData: () => {},
      onClose: () => {
        closed = true;
      },
    });
    await world.clock.advance(1000);
    expect(closed).toBe(false);
    expect(bot.peers.snapshot().accepted).toMatchObject({ open: 1, waiting: 1 });
    await world.clock.advance(10_000);
    expect(closed).toBe(true);
    expect(bot.peers.accepted).toBe(1);
  });

  it('leaves cleanly: no timers, no connections, no listener, and no coming back', async () => {
    const { bot } = await started();
    await world.clock.run(bot.online());
    await world.clock.run(bot.stop());
    expect(bot.state).toMatchObject({ name: 'offline', reason: 'stopped' });
    await world.clock.advance(10);
    expect(world.clock.pending).toBe(0);
    expect(world.net.stats().connections).toBe(0);
    expect(world.net.host('10.0.0.2').listeners).toBe(0);
    bot.retry();
    await world.clock.advance(60 * MINUTE);
    expect(server.peers).toHaveLength(1);
  });

  it('can be stopped at any moment of its start', async () => {
    for (let ms = 0; ms < 8; ms++) {
      const bot = client({ state: new MemoryState() });
      await bot.start();
      await world.clock.advance(ms);
      await world.clock.run(bot.stop());
      await world.clock.advance(5000);
      expect(bot.state).toMatchObject({ name: 'offline', reason: 'stopped' });
      expect(world.clock.pending).toBe(0);
      expect(world.net.stats().connections).toBe(0);
    }
  });

  it('warns when it shares nothing on a server that is not our own machine', async () => {
    await started();
    expect(log.at('warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('Nothing is shared'),
    ]);
  });
});
