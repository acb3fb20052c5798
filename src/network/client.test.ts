import { beforeEach, describe, expect, it } from 'vitest';
import { type VirtualPlatform, virtualPlatform } from '../platform/virtual/virtual-platform.ts';
import { SoulseekClient } from './client.ts';
import type { ClientEvents } from './events.ts';
import type { SoulseekClientOptions } from './network-options.ts';
import { ACCEPTED, ScriptedServer, SERVER } from './scripted-server.test-support.ts';

let world: VirtualPlatform;
let server: ScriptedServer;

beforeEach(async () => {
  world = virtualPlatform();
  server = new ScriptedServer(world);
  server.onRequest = (request, peer) => {
    if (request.type === 'Login') peer.say(ACCEPTED);
    else if (request.type === 'JoinRoom') {
      peer.say({
        type: 'JoinRoom',
        room: request.room,
        usernames: ['bot'],
        statuses: [2],
        stats: [{ avgSpeed: 0, uploadNum: 0, unknown: 0, files: 0, dirs: 0 }],
        slotsFull: [0],
        countryCodes: [''],
      });
    } else if (request.type === 'SayChatroom') {
      peer.say({ type: 'SayChatroom', room: request.room, username: 'bot', message: request.message });
    }
  };
  await server.open();
});

async function online(options: Partial<SoulseekClientOptions> = {}): Promise<SoulseekClient> {
  const bot = new SoulseekClient({
    platform: world.host('10.0.0.2'),
    server: SERVER,
    username: 'bot',
    password: 'secret',
    listen: false,
    ...options,
  });
  await bot.start();
  await world.clock.run(bot.online());
  return bot;
}

const said = () =>
  server.peers.flatMap(({ requests }) =>
    requests.flatMap((request) => (request.type === 'SayChatroom' ? [request.message] : [])),
  );

describe('SoulseekClient', () => {
  it('joins, says, and sees its own line come back', async () => {
    const bot = await online();
    const states: ClientEvents['line']['state'][] = [];
    bot.on('line', ({ state }) => states.push(state));
    await world.clock.run(bot.rooms.join('indie'));
    const { id } = await world.clock.run(bot.rooms.say('indie', 'hello\r\nworld'));
    await world.clock.advance(1000);
    expect(said()).toEqual(['hello', 'world']);
    expect(bot.lines.receipt(id)).toMatchObject({ state: 'seen', final: true });
    expect(states).toEqual(['sending', 'sent', 'seen']);
  });

  it('says what waited once it is in the room again after a lost connection', async () => {
    const bot = await online();
    await world.clock.run(bot.rooms.join('indie'));
    server.latest.close();
    await world.clock.advance(10);
    const { id } = await world.clock.run(bot.rooms.say('indie', 'later'));
    expect(bot.lines.receipt(id)?.state).toBe('queued');
    await world.clock.run(bot.online());
    await world.clock.advance(3000);
    expect(bot.lines.receipt(id)?.state).toBe('seen');
    const { types } = server.latest;
    expect(types.indexOf('JoinRoom')).toBeLessThan(types.indexOf('SayChatroom'));
  });

  it('answers somebody who wrote without the budget for strangers', async () => {
    const bot = await online({ limits: { privateLine: { strangersPerHour: 0 } } });
    bot.on('private.message', ({ user }) => void bot.messages.send(user, `hello ${user}`));
    server.latest.say({
      type: 'MessageUser',
      id: 7,
      timestamp: 1,
      username: 'ann',
      message: 'hi',
      isNew: true,
    });
    await world.clock.advance(1000);
    const sent = server.latest.requests.filter(
      ({ type }) => type === 'MessageUser' || type === 'MessageAcked',
    );
    expect(sent).toEqual([
      { type: 'MessageAcked', id: 7 },
      { type: 'MessageUser', username: 'ann', message: 'hello ann' },
    ]);
    const stranger = await world.clock.run(bot.messages.send('bob', 'buy'));
    await world.clock.advance(1000);
    expect(bot.lines.receipt(stranger.id)).toMatchObject({ state: 'dropped' });
  });

  it('passes on what the server announces', async () => {
    const bot = await online();
    const heard: unknown[] = [];
    for (const event of ['wishlist.interval', 'excluded.phrases', 'announcement'] as const) {
      bot.on(event, (value) => heard.push(value));
    }
    server.latest.say(
      { type: 'WishlistInterval', interval: 120 },
      { type: 'ExcludedSearchPhrases', phrases: ['x'] },
      { type: 'AdminMessage', message: 'maintenance' },
    );
    await world.clock.advance(10);
    expect(heard).toMatchObject([{ seconds: 120 }, { phrases: ['x'] }, { text: 'maintenance' }]);
  });

  it('drains its lines before it leaves, for as long as it may', async () => {
    const bot = await online();
    await world.clock.run(bot.rooms.join('indie'));
    for (let i = 0; i < 10; i++) void bot.rooms.say('indie', `line ${i}`);
    await world.clock.run(bot.stop({ drainMs: 7000 }));
    expect(said()).toHaveLength(5);
    expect(server.latest.closed).toBe(true);
    await expect(bot.rooms.say('indie', 'late')).resolves.toMatchObject({ state: 'dropped' });
  });

  it('does not send what no server would take', async () => {
    const bot = await online();
    const outcome = await bot.link.send(
      { type: 'AddThingILike', item: 'x'.repeat(9000) },
      { kind: 'housekeeping' },
    );
    expect(outcome).toMatchObject({ state: 'dropped', code: 'too-long' });
  });

  it('tells which frames did not leave', async () => {
    const bot = await online();
    const drops: ClientEvents['traffic.dropped'][] = [];
    bot.on('traffic.dropped', (drop) => drops.push(drop));
    void bot.link.send({ type: 'FileSearch', token: 1, query: 'a b' }, { kind: 'search', query: 'a b' });
    await world.clock.advance(6000);
    void bot.link.send(
      { type: 'FileSearch', token: 2, query: 'B A' },
      { kind: 'search', query: 'B A' },
      { origin: 'p' },
    );
    await world.clock.advance(10);
    expect(drops).toMatchObject([{ kind: 'search', origin: 'p', code: 'duplicate' }]);
  });
});
