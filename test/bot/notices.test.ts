import { definePlugin } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

const teller = definePlugin({
  name: 'teller',
  needs: ['pm.read', 'pm.send', 'room.say', 'notify'],
  setup(bot) {
    bot.on('private.message', async ({ user, text, reply }) => {
      if (text.startsWith('channels')) {
        await reply(`channels: ${(await bot.notify.channels()).length}`);
        return;
      }
      // Told once per key, however often this handler runs.
      const lines = [`line one of ${text}`, `line two of ${text}`];
      await bot.notify([{ pm: user }, { room: 'indie' }], { title: text, lines, key: text });
    });
    bot.command({
      name: 'lost',
      summary: 'Tells a channel that there is not',
      run: () =>
        bot.notify('phone', { title: 'x' }).then(
          () => 'told',
          (error: unknown) => String(error),
        ),
    });
  },
});

let current: TestBot | undefined;
afterEach(() => current?.dispose());

const open = async (): Promise<TestBot> => {
  current = await testBot(teller);
  return current;
};

const WHOLE = ['news', 'line one of news', 'line two of news'];

describe('notices of a plugin', () => {
  it('reach people and rooms once, over restarts', async () => {
    const t = await open();
    await t.pm('al', 'news');
    await t.advance('1m');
    expect(t.private('al')).toEqual(WHOLE);
    expect(t.text('indie')).toEqual(WHOLE);
    await t.downtime('1h', 'kill');
    await t.pm('al', 'news');
    await t.pm('bo', 'news');
    await t.advance('1m');
    expect(t.private('al')).toHaveLength(3);
    expect(t.private('bo')).toHaveLength(3);
    expect(t.text('indie')).toEqual(WHOLE);
  });

  it('wait while the bot is away, and are told when it is back', async () => {
    const t = await open();
    const person = await t.person('al');
    person.pm(t.user, 'news');
    await t.disconnect();
    await t.advance('5m');
    expect(t.private('al')).toEqual(WHOLE);
  });

  it('to a channel that there is not are refused in words; the CLI sees how things stand', async () => {
    const t = await open();
    await t.say('al', 'indie', '!lost');
    expect(t.text('indie').at(-1)).toMatch(/there is no channel "phone" in the config/);
    await t.pm('al', 'channels?');
    expect(t.private('al').at(-1)).toBe('channels: 0');
    expect(await t.bot.notices({ act: 'list' })).toEqual({
      report: { at: t.sandbox.world.clock.now(), channels: [], others: [], dead: [], deadCount: 0 },
    });
    expect(await t.bot.notices({ act: 'retry', name: 'all' })).toEqual({
      ok: false,
      text: 'nothing was given up',
    });
    expect(await t.bot.notices({ act: 'test', name: 'x' })).toEqual({
      ok: false,
      text: 'there is no channel "x" in the config',
    });
    await expect(t.bot.notices({ act: 'burn' })).rejects.toMatchObject({ code: 'protocol' });
  });

  it.each([
    ['before', 2],
    ['after', 5],
  ] as const)('killed %s any write, every %i, are told once and whole', async (when, step) => {
    let write = 1;
    for (let died = true; died; write += step) {
      const t = await open();
      t.disk.crashAfter(write, when);
      (await t.person('al')).pm(t.user, 'news');
      await t.settle();
      died = t.disk.crashed;
      await t.kill();
      await t.start();
      await t.advance('3m');
      // What was being written to the server when it died is not sent again: rather lost than said twice.
      const unknown = Number(
        (await t.database("select count(*) as n from outbox where state = 'unknown'"))[0]?.['n'],
      );
      for (const told of [t.private('al'), t.text('indie')]) {
        expect(WHOLE.filter((line) => told.includes(line))).toEqual([...told]);
        expect(told.length).toBeGreaterThanOrEqual(WHOLE.length - unknown);
      }
      expect(await t.database('select id from notice')).toEqual([]);
      await t.dispose();
    }
    expect(write).toBeGreaterThan(30);
  });
});
