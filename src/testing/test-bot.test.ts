import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arg, definePlugin, s } from '../plugins/api/index.ts';
import { testBot } from './index.ts';

const hello = definePlugin({
  name: 'hello',
  needs: ['room.read', 'room.say', 'pm.send', 'pm.read'],
  config: s.object({ word: s.string().default('Hello') }),
  setup(bot) {
    const { word } = bot.config;
    bot.command({
      name: 'hello',
      summary: 'Says hello',
      args: { who: arg.optional(arg.user()) },
      run: ({ user, args }) => `${word} ${args.who ?? user}!`,
    });
    bot.command({ name: 'flood', summary: 'Talks', run: () => ['1', '2', '3', '4', '5', '6'] });
    bot.on('room.leave', async ({ user }) => {
      await bot.pm(user, 'Bye');
    });
    bot.on('room.message', { text: { startsWith: 'remember ' } }, ({ text }) =>
      bot.store.set('word', text.slice(9)),
    );
    bot.on('room.ticker', async ({ reply, ticker }) => {
      await reply(`the wall says ${ticker}`);
    });
  },
});

describe('testBot', () => {
  it('puts a plugin into rooms with people, who get answers', async () => {
    const t = await testBot(hello, { config: { word: 'Hi' } });
    await t.say('al', 'indie', '!hello');
    await t.pm('al', 'hello bob');
    await t.ticker('al', 'indie', 'x');
    await t.leave('al', 'indie');
    expect(t.text('indie')).toEqual(['Hi al!', 'the wall says x']);
    expect(t.private('al')).toEqual(['Hi bob!', 'Bye']);
    expect(t.sent().map(({ kind, to }) => `${kind} ${to}`)).toEqual([
      'room indie',
      'private al',
      'room indie',
      'private al',
    ]);
    await t.dispose();
    await t.dispose();
  });

  it('waits for what the governor holds back, and for nothing else', async () => {
    const t = await testBot(hello);
    const began = t.now;
    await t.say('al', 'indie', 'nothing to answer');
    expect(t.now - began).toBeLessThan(100);
    const asked = t.now;
    await t.say('al', 'indie', '!flood');
    expect(t.text('indie')).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(t.now - asked).toBeGreaterThan(8_000);
    expect(t.now - asked).toBeLessThan(10_000);
  });

  it('expects quiet since the last verb began', async () => {
    const t = await testBot(hello);
    await t.say('al', 'indie', '!hello');
    expect(() => t.expectQuiet()).toThrow('The bot said: [indie] Hello al!');
    await t.say('al', 'indie', 'hello');
    t.expectQuiet();
  });

  it('begins at the given time and moves by durations', async () => {
    const t = await testBot(hello, { at: '2026-03-27T12:00:00Z' });
    expect(new Date(t.now).toISOString()).toMatch(/^2026-03-27T12:00:0/);
    const began = t.now;
    await t.advance('1h30m');
    await t.advance(1_000);
    expect(t.now - began).toBeLessThan(5_401_500);
    expect(t.now - began).toBeGreaterThanOrEqual(5_401_000);
    await expect(t.advance('soon')).rejects.toThrow('"soon" is not a duration');
  });

  it('shows and prepares what the plugin stores, over restarts of both kinds', async () => {
    const t = await testBot(hello);
    await t.say('al', 'indie', 'remember blue');
    expect(await t.store.get('word')).toBe('blue');
    await t.downtime('1d');
    expect(await t.store.get('word')).toBe('blue');
    await t.store.set('word', 'red');
    await t.downtime('1d', 'kill');
    expect(await t.store.get('word')).toBe('red');
    expect(await t.store.keys()).toEqual(['word']);
    await t.say('al', 'indie', '!hello');
    expect(t.text('indie')).toEqual(['Hello al!']);
  });

  it('grants no more than it is told to', async () => {
    const t = await testBot(hello, { grant: ['room.read'] });
    await t.say('al', 'indie', '!hello');
    await t.leave('al', 'indie');
    expect(t.text('indie')).toEqual(['Hello al!']);
    expect(t.private('al')).toEqual([]);
    expect(t.logs().find(({ message }) => message === 'A plugin failed')?.fields['error']).toContain(
      'pm.send',
    );
  });

  it('runs several instances of a plugin, each with its own store', async () => {
    const other = definePlugin({
      name: 'other',
      needs: ['room.read'],
      setup: (bot) => void bot.on('room.message', ({ text }) => bot.store.set('last', text)),
    });
    const t = await testBot(other, { id: 'first', also: { second: { plugin: other } } });
    await t.say('al', 'indie', 'hi');
    expect(await t.store.get('last')).toBe('hi');
    expect(t.bot.status().plugins.map(({ id }) => id)).toEqual(['first', 'second']);
    expect(await t.database('select instance from kv order by instance')).toEqual([
      { instance: 'first' },
      { instance: 'second' },
    ]);
  });

  it('takes a module, a path or a URL', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seekeeper-testing-'));
    const file = join(folder, 'from file.ts');
    writeFileSync(
      file,
      `import { definePlugin } from 'seekeeper';
      export default definePlugin({ name: 'x', setup(bot) { bot.command({ name: 'x', summary: 'x', run: () => 'from a file' as string }); } });`,
    );
    for (const plugin of [{ default: hello }, file, new URL(`file://${encodeURI(file)}`)]) {
      const t = await testBot(plugin, { id: 'it' });
      await t.pm('al', plugin === file || plugin instanceof URL ? 'x' : 'hello');
      expect(t.private('al')).toEqual([
        plugin === file || plugin instanceof URL ? 'from a file' : 'Hello al!',
      ]);
    }
    rmSync(folder, { recursive: true });
  });

  it('says what is wrong with a test', async () => {
    const t = await testBot(hello);
    await expect(t.say('al', 'jazz', 'hi')).rejects.toThrow('The bot does not know the room jazz');
    await expect(t.say(t.user, 'indie', 'hi')).rejects.toThrow('seekeeper is the bot');
    await expect(t.start()).rejects.toThrow('The bot is running');
    await t.stop();
    expect(() => t.bot).toThrow('The bot is not running');
    await expect(testBot(hello, { config: { wort: 'x' } })).rejects.toThrow(/wort/);
  });

  it('repeats exactly from its seed', async () => {
    const once = async (seed: number) => {
      const t = await testBot(hello, { seed });
      await t.say('al', 'indie', '!flood');
      await t.disconnect();
      await t.advance('1m');
      const logins = t.sandbox.server.received(t.user).filter(({ request }) => request.type === 'Login');
      return JSON.stringify([t.sent(), logins.map(({ at }) => at)]);
    };
    expect(await once(7)).toBe(await once(7));
    expect(await once(7)).not.toBe(await once(8));
  });
});

it('refuses a runtime that there is not, and a time that is none', async () => {
  await expect(testBot(hello, { mode: 'thread' as never })).rejects.toThrow('There is no mode "thread"');
  await expect(testBot(hello, { at: 'nonsense' })).rejects.toThrow('"nonsense" is not a time');
});
