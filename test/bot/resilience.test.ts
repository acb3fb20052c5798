import { arg, definePlugin } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { beforeEach, describe, expect, it } from 'vitest';

let release: () => void = () => {};
let log: string[] = [];
beforeEach(() => {
  log = [];
});

const slow = definePlugin({
  name: 'slow',
  needs: ['room.read', 'pm.read', 'room.say'],
  setup(bot) {
    bot.command({
      name: 'slow',
      summary: 'Takes its time',
      async run({ user }) {
        log.push(`slow began for ${user}`);
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return `done for ${user}`;
      },
    });
    bot.command({ name: 'quick', summary: 'Is quick', run: ({ user }) => `quick for ${user}` });
    bot.command({
      name: 'replay',
      summary: 'Wants replays',
      args: { n: arg.int() },
      onReplay: 'run',
      run: ({ args, replayed }) => `${args.n} ${replayed ? 'late' : 'now'}`,
    });
    bot.on('room.message', ({ user, text }) => void log.push(`${user}: ${text}`));
    bot.on('room.leave', ({ user }) => void log.push(`${user} left`));
    bot.on('private.message', ({ user, text, replayed, redelivered }) => {
      log.push(
        `${user} in private: ${text}${replayed ? ' (replayed)' : ''}${redelivered ? ' (redelivered)' : ''}`,
      );
    });
  },
});

const faulty = definePlugin({
  name: 'faulty',
  needs: ['room.read', 'pm.read'],
  setup(bot) {
    bot.on('room.message', () => {
      throw new Error('no good');
    });
    bot.on('private.message', () => Promise.reject(new Error('no good either')));
  },
});

describe('order', () => {
  it('keeps what one person does in a room behind their slow command, and nobody else', async () => {
    const t = await testBot(slow);
    await t.join('al', 'indie');
    await t.join('bob', 'indie');
    const al = await t.person('al');
    al.say('indie', '!slow');
    al.say('indie', '!quick');
    al.leave('indie');
    (await t.person('bob')).say('indie', '!quick');
    await t.sandbox.world.clock.advance(1_000);
    expect(log).toEqual(['slow began for al', 'bob: !quick']);
    expect(t.text('indie')).toEqual(['quick for bob']);
    release();
    await t.settle();
    expect(log.slice(2)).toEqual(['al: !slow', 'al: !quick', 'al left']);
    expect(t.text('indie')).toEqual(['quick for bob', 'done for al', 'quick for al']);
  });

  it('keeps private messages of one person in order', async () => {
    const t = await testBot(slow);
    const [al, bob] = [await t.person('al'), await t.person('bob')];
    al.pm(t.user, '!slow');
    al.pm(t.user, 'and this');
    bob.pm(t.user, 'hello');
    await t.sandbox.world.clock.advance(1_000);
    // Nothing is promised about the order between people.
    expect(log.toSorted()).toEqual(['bob in private: hello', 'slow began for al']);
    release();
    await t.settle();
    expect(log.slice(2)).toEqual(['al in private: !slow', 'al in private: and this']);
  });
});

describe('plugins that fail', () => {
  it('harm nobody else, and a private message that made one throw is not handled again', async () => {
    const t = await testBot(slow, { also: { faulty: { plugin: faulty } } });
    await t.say('al', 'indie', '!quick');
    await t.pm('al', 'hello');
    expect(t.text('indie')).toEqual(['quick for al']);
    expect(log).toEqual(['al: !quick', 'al in private: hello']);
    expect(t.logs().filter(({ message }) => message === 'A plugin failed')).toHaveLength(2);
    await t.downtime('1m', 'kill');
    expect(log).toHaveLength(2);
  });

  const broken = definePlugin({
    name: 'broken',
    needs: ['room.say'],
    async setup(bot) {
      bot.command({ name: 'ghost', summary: 'Was never there', run: () => 'boo' });
      await Promise.resolve();
      throw new Error('cannot begin');
    },
  });

  it('stop the start when they cannot be set up, with one line that names them', async () => {
    await expect(testBot(slow, { also: { broken: { plugin: broken } } })).rejects.toThrow(
      'Plugin "broken" (given): setup failed: cannot begin',
    );
  });

  it('are left out when the config says so', async () => {
    const t = await testBot(slow, { also: { broken: { plugin: broken } }, onPluginFailure: 'continue' });
    await t.say('al', 'indie', '!ghost');
    await t.say('al', 'indie', '!quick');
    expect(t.text('indie')).toEqual(['quick for al']);
    expect(t.bot.status()).toMatchObject({
      plugins: [{ id: 'slow' }],
      failedPlugins: [{ id: 'broken', reason: 'Plugin "broken" (given): setup failed: cannot begin' }],
    });
  });

  it('cannot take a name that another has, and both are named', async () => {
    const clash = definePlugin({
      name: 'clash',
      setup: (bot) => void bot.command({ name: 'fast', aliases: ['quick'], summary: 'x', run: () => 'x' }),
    });
    await expect(testBot(slow, { also: { clash: { plugin: clash } } })).rejects.toThrow(
      /clash.*"quick".*"slow"/,
    );
    const help = definePlugin({
      name: 'helper',
      setup: (bot) => void bot.command({ name: 'help', summary: 'x', run: () => 'x' }),
    });
    await expect(testBot(help)).rejects.toThrow(/"helper".*"help".*bot itself/);
  });
});

describe('a lost connection', () => {
  it('does not lose the answer of a command that was running', async () => {
    const t = await testBot(slow);
    await t.join('al', 'indie');
    (await t.person('al')).say('indie', '!slow');
    await t.sandbox.world.clock.advance(100);
    t.sandbox.server.drop(t.user);
    await t.sandbox.world.clock.advance(100);
    expect(t.bot.client.state.name).toBe('offline');
    release();
    await t.advance('1m');
    expect(t.text('indie')).toEqual(['done for al']);
    expect(t.bot.status().rooms).toMatchObject([{ name: 'indie', joined: true }]);
  });

  it('is written down as a gap', async () => {
    const t = await testBot(slow);
    await t.say('al', 'indie', 'before');
    const lostAt = t.now;
    await t.disconnect();
    await t.advance('1m');
    await t.say('al', 'indie', 'after');
    await t.advance('2s');
    const journal = await t.database('select kind, person, body from journal order by seq');
    expect(
      journal.map(({ kind, person, body }) =>
        [kind, person, body].flatMap((part) => (typeof part === 'string' ? [part] : [])).join(' '),
      ),
    ).toEqual([
      'online',
      'room.entered',
      'room.join al',
      'room.line al before',
      'room.exited',
      'offline',
      'online',
      'room.entered',
      'room.line al after',
    ]);
    const gaps = await t.database("select at from journal where kind in ('offline', 'online') order by seq");
    expect(Number(gaps[1]!['at']) - lostAt).toBeLessThan(100);
  });
});

describe('a ban', () => {
  it('silences the bot for its time; what is still worth saying is said afterwards', async () => {
    const t = await testBot(slow);
    await t.pm('al', 'hi');
    await t.ban(30);
    expect(t.bot.status().session).toMatchObject({ name: 'banned', evidence: 'notice' });
    const al = await t.person('al');
    al.pm(t.user, '!replay 1');
    al.pm(t.user, '!quick');
    await t.advance('29m');
    expect(t.sandbox.server.received(t.user).filter(({ request }) => request.type === 'Login')).toHaveLength(
      1,
    );
    expect(t.sent()).toEqual([]);
    await t.advance('5m');
    expect(t.bot.client.state.name).toBe('online');
    expect(log).toEqual([
      'al in private: hi',
      'al in private: !replay 1 (replayed)',
      'al in private: !quick (replayed)',
    ]);
    expect(t.private('al')).toEqual(['1 late']);
    await t.say('al', 'indie', '!quick');
    expect(t.text('indie')).toEqual(['quick for al']);
  });

  it('survives a restart: the bot does not try to log in before its time', async () => {
    const t = await testBot(slow);
    await t.ban(30);
    await t.kill();
    await t.sandbox.world.clock.advance(60_000);
    // Resolves when the bot is in its rooms again.
    const before = t.now;
    await t.start();
    expect(t.now - before).toBeGreaterThan(28 * 60_000);
    expect(t.sandbox.server.received(t.user).filter(({ request }) => request.type === 'Login')).toHaveLength(
      2,
    );
  });
});

describe('messages that came while the bot was away', () => {
  it.each(['stop', 'kill'] as const)(
    'are handled once after a %s, marked, and their commands run only if they want',
    async (how) => {
      const t = await testBot(slow);
      await t.pm('al', 'one');
      await (how === 'stop' ? t.stop() : t.kill());
      const al = await t.person('al');
      al.pm(t.user, 'two');
      al.pm(t.user, '!quick');
      al.pm(t.user, '!replay 3');
      await t.sandbox.world.clock.advance(60_000);
      await t.start();
      expect(log).toEqual([
        'al in private: one',
        'al in private: two (replayed)',
        'al in private: !quick (replayed)',
        'al in private: !replay 3 (replayed)',
      ]);
      expect(t.private('al')).toEqual(['3 late']);
      expect(t.sandbox.server.world.unacknowledged(t.user)).toEqual([]);
      expect(t.logs().find(({ message }) => message === 'Ignored a command')?.fields).toMatchObject({
        command: 'quick',
        user: 'al',
      });
      await t.downtime('1m', how);
      expect(log).toHaveLength(4);
    },
  );

  it('wait for the rooms that their commands may be about', async () => {
    const t = await testBot(slow, { rooms: ['a', 'b', 'c'] });
    await t.stop();
    (await t.person('al')).pm(t.user, 'hello');
    const order: string[] = [];
    t.sandbox.server.on('line', () => {});
    t.sandbox.server.on('request', ({ user, request }) => {
      if (user === t.user && request.type === 'JoinRoom') order.push(`join ${request.room} ${log.length}`);
    });
    await t.start();
    expect(order).toEqual(['join a 0', 'join b 0', 'join c 0']);
    expect(log).toEqual(['al in private: hello (replayed)']);
  });
});

describe('a full disk', () => {
  it('keeps the bot from acknowledging, says why once, and ends by itself', async () => {
    const t = await testBot(slow);
    t.disk.failWrites(() => new Error('database or disk is full'));
    await t.pm('al', 'hello');
    await t.advance('5m');
    expect(log).toEqual([]);
    expect(t.sandbox.server.world.unacknowledged(t.user)).toHaveLength(1);
    expect(t.bot.status().inbox).toMatchObject({ unstored: 1, blocked: expect.stringContaining('full') });
    const complaints = t
      .logs()
      .filter(({ level, message }) => level === 'error' && message.includes('Private messages'));
    // Five minutes are many attempts.
    expect(complaints).toHaveLength(1);
    expect(complaints[0]?.fields).toMatchObject({ reason: expect.stringContaining('full') });
    t.disk.failWrites();
    await t.advance('2m');
    expect(log).toEqual(['al in private: hello']);
    expect(t.sandbox.server.world.unacknowledged(t.user)).toEqual([]);
    expect(t.bot.status().inbox).toEqual({ waiting: 0, unstored: 0 });
  });
});

describe('stopping', () => {
  it('lets a command end and its answer leave, and nothing more begin', async () => {
    const t = await testBot(slow);
    await t.join('al', 'indie');
    (await t.person('al')).say('indie', '!slow');
    await t.sandbox.world.clock.advance(100);
    const stopped = t.bot.stop({ drainMs: 5_000 });
    await t.sandbox.world.clock.advance(100);
    (await t.person('al')).say('indie', '!quick');
    await t.sandbox.world.clock.advance(100);
    release();
    await t.sandbox.run(stopped);
    expect(t.text('indie')).toEqual(['done for al']);
    expect(t.bot.phase).toBe('stopped');
    await t.stop();
    expect(await t.database('select kind from journal order by seq desc limit 1')).toEqual([
      { kind: 'offline' },
    ]);
  });

  it('does not wait for ever for a handler, nor for lines that the governor holds back', async () => {
    const t = await testBot(slow);
    for (const user of ['a', 'b', 'c', 'd', 'e', 'f']) await t.join(user, 'indie');
    for (const user of ['a', 'b', 'c', 'd', 'e']) (await t.person(user)).say('indie', '!quick');
    (await t.person('f')).say('indie', '!slow');
    await t.sandbox.world.clock.advance(100);
    const before = t.now;
    await t.sandbox.run(t.bot.stop({ drainMs: 2_000 }));
    expect(t.now - before).toBeLessThan(12_000);
    expect(t.text('indie').length).toBeLessThan(5);
  });

  it('leaves lines for the next run, which sends them if they are still worth it', async () => {
    const t = await testBot(slow);
    for (const user of ['a', 'b', 'c', 'd', 'e']) await t.join(user, 'indie');
    for (const user of ['a', 'b', 'c', 'd', 'e']) (await t.person(user)).say('indie', '!quick');
    await t.sandbox.world.clock.advance(100);
    await t.sandbox.run(t.bot.stop({ drainMs: 0 }));
    await t.kill();
    expect(t.text('indie')).toHaveLength(3);
    await t.start();
    await t.advance('1m');
    expect(t.text('indie')).toEqual(['a', 'b', 'c', 'd', 'e'].map((user) => `quick for ${user}`));
  });
});

it('sends what plugins say during setup once', async () => {
  const eager = definePlugin({
    name: 'eager',
    needs: ['pm.send'],
    async setup(bot) {
      await bot.pm('al', 'I am back');
    },
  });
  const t = await testBot(eager);
  await t.advance('1m');
  expect(t.private('al')).toEqual(['I am back']);
});

it('keeps private text and passwords out of the log', async () => {
  const t = await testBot(slow, { also: { faulty: { plugin: faulty } } });
  await t.pm('al', 'my secret is 12345');
  await t.pm('al', '!slow 12345');
  await t.pm('al', '!nothing 12345');
  await t.downtime('1m', 'kill');
  const log = JSON.stringify(t.logs());
  expect(log).not.toContain('12345');
  expect(log).not.toContain('sandbox"');
});

it('shows everything in its status', async () => {
  const t = await testBot(slow, { rooms: ['indie', { name: 'den', owner: 'olga' }] });
  await t.say('al', 'indie', 'hi');
  expect(t.bot.status()).toMatchObject({
    user: 'seekeeper',
    phase: 'ready',
    session: { name: 'online' },
    rooms: [
      { name: 'indie', joined: true, private: false, standing: 'visitor', users: 2 },
      { name: 'den', joined: true, private: true, standing: 'member', users: 1 },
    ],
    plugins: [{ id: 'slow', state: 'running' }],
    commands: expect.arrayContaining([
      { name: 'help', plugin: 'core' },
      { name: 'quick', plugin: 'slow' },
      { name: 'replay', plugin: 'slow' },
      { name: 'slow', plugin: 'slow' },
    ]),
    inbox: { waiting: 0, unstored: 0 },
    outbox: { waiting: 0 },
    governor: { open: true },
    active: 0,
  });
  expect(structuredClone(t.bot.status())).toEqual(t.bot.status());
  (await t.person('olga')).removeMember('den', t.user);
  await t.settle();
  expect(t.bot.status().rooms).toContainEqual(
    expect.objectContaining({ name: 'den', joined: false, problem: 'the bot was removed from it' }),
  );
});
