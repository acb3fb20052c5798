import { describe, expect, it } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { definePlugin } from '../../plugins/api/index.ts';
import { fakeHost } from '../../plugins/host/testing/fake-services.ts';
import type { LoadRequest } from '../../plugins/host/types.ts';
import { loadConfig } from '../config/load-config.ts';
import { changedSections } from './config-difference.ts';
import { PluginSet } from './plugin-set.ts';
import { reloadCommand } from './reload-command.ts';
import { reloadLines, reloadWorked } from './reload-report.ts';
import { Reloading, type Reread } from './reloading.ts';

const read = (rest = '') => {
  const loaded = loadConfig({
    path: '/etc/config.yaml',
    text: `bot: { user: keeper, password: { env: PW } }\n${rest}`,
    env: { PW: 'x', OTHER: 'y' },
  });
  if (!loaded.ok) throw new Error('a bad config');
  return loaded.config;
};

const commanding = (...names: string[]) =>
  definePlugin({
    name: 'x',
    setup(bot) {
      for (const name of names) bot.command({ name, summary: 's', run: () => name });
    },
  });

const failing = definePlugin({ name: 'x', setup: () => Promise.reject(new Error('broken')) });

async function world(plugins: Readonly<Record<string, unknown>>, goOn = false) {
  const { host, services } = fakeHost();
  const requests = (of: Readonly<Record<string, unknown>>): readonly LoadRequest[] =>
    Object.entries(of).map(([id, plugin]) => ({ id, use: { plugin } }));
  const set = new PluginSet({ host, log: nullLog, requests: requests(plugins) });
  await set.load(goOn);
  let next = plugins;
  let config = read();
  let problem: string | undefined;
  const reread: Reread = () =>
    problem === undefined
      ? { ok: true, config: { ...config, plugins: requests(next) as never } }
      : {
          ok: false,
          diagnostics: [
            { severity: 'error', file: 'c.yaml', line: 1, column: 2, path: 'bot', message: problem },
          ],
        };
  const reloading = new Reloading({ plugins: set, config: read(), reread });
  return {
    host,
    services,
    set,
    reloading,
    now: (of: Readonly<Record<string, unknown>>, text = '') => {
      next = of;
      config = read(text);
      problem = undefined;
    },
    broken: (message: string) => {
      problem = message;
    },
  };
}

describe('a reload of the bot', () => {
  it('loads what is new, unloads what is gone, and leaves alone what is the same', async () => {
    const same = commanding('same');
    const t = await world({ same, gone: commanding('gone'), changing: commanding('one') });
    t.now({ changing: commanding('two'), same, fresh: commanding('fresh') });
    const report = await t.reloading.reload();
    expect(report).toEqual({
      loaded: ['fresh'],
      reloaded: ['changing'],
      unloaded: ['gone'],
      unchanged: ['same'],
      failed: [],
      restart: [],
      problems: [],
    });
    expect(reloadLines(report)).toEqual(['Loaded: fresh', 'Reloaded: changing', 'Unloaded: gone']);
    expect(t.host.list().map(({ id, reloads }) => [id, reloads])).toEqual([
      ['same', 0],
      ['changing', 1],
      ['fresh', 0],
    ]);
    expect(reloadLines(await t.reloading.reload())).toEqual([
      'Nothing to reload: what runs is what is saved.',
    ]);
  });

  it('tells what fails, and keeps what runs', async () => {
    const t = await world({ a: commanding('a'), b: commanding('b') });
    t.now({ a: failing, b: commanding('c'), d: failing });
    const report = await t.reloading.reload();
    expect([report.reloaded, report.failed.map(({ id }) => id), reloadWorked(report)]).toEqual([
      ['b'],
      ['a', 'd'],
      false,
    ]);
    expect(reloadLines(report)).toContain(
      'Not reloaded, the version before goes on if there was one: Plugin "a" (given): setup failed: broken',
    );
    expect(t.host.list().map(({ commands }) => commands)).toEqual([['a'], ['c']]);
    expect(t.set.failed).toEqual([{ id: 'd', reason: expect.stringMatching(/broken/) }]);
    t.now({ a: commanding('a'), b: commanding('c'), d: commanding('d') });
    expect((await t.reloading.reload()).loaded).toEqual(['d']);
    expect(t.set.failed).toEqual([]);
  });

  it('moves a command from a later plugin to an earlier one', async () => {
    const t = await world({ a: commanding('a'), b: commanding('b', 'move') });
    t.now({ a: commanding('a', 'move'), b: commanding('b') });
    expect(await t.reloading.reload()).toMatchObject({ reloaded: ['b', 'a'], failed: [] });
    expect(t.host.list().map(({ commands }) => commands)).toEqual([['a', 'move'], ['b']]);
  });

  it('changes nothing when the config is bad', async () => {
    const t = await world({ a: commanding('a') });
    t.broken('expected something else');
    const report = await t.reloading.reload();
    expect(reloadLines(report)).toEqual(['Nothing was reloaded:', 'c.yaml:1:2 bot: expected something else']);
    expect([reloadWorked(report), t.host.list().length]).toEqual([false, 1]);
  });

  it('names what needs a restart', async () => {
    const t = await world({});
    t.now({}, 'rooms: [indie]\ncommands: { prefix: "?" }');
    expect(reloadLines(await t.reloading.reload())).toEqual(['Needs a restart: rooms, commands']);
  });

  it('of one plugin reloads it, changed or not, and no other', async () => {
    const a = commanding('a');
    const t = await world({ a, b: commanding('b') });
    t.now({ a, b: commanding('c'), d: commanding('d') });
    expect(await t.reloading.reload({ only: 'a' })).toMatchObject({
      reloaded: ['a'],
      loaded: [],
      unloaded: [],
    });
    expect(await t.reloading.reload({ only: 'd' })).toMatchObject({ loaded: ['d'] });
    expect(t.host.list().map(({ commands }) => commands)).toEqual([['a'], ['b'], ['d']]);
    expect((await t.reloading.reload({ only: 'nobody' })).problems).toEqual([
      'there is no plugin "nobody" in the config; there are a, b, d',
    ]);
    t.now({ a, b: commanding('b') });
    expect(await t.reloading.reload()).toMatchObject({ unloaded: ['d'] });
  });

  it('runs one after the other, and none once the bot stops', async () => {
    const t = await world({ a: commanding('a') });
    t.now({ a: commanding('b') });
    const both = await Promise.all([t.reloading.reload(), t.reloading.reload()]);
    expect(both.map(({ reloaded, unchanged }) => [reloaded, unchanged])).toEqual([
      [['a'], []],
      [[], ['a']],
    ]);
    await t.reloading.close();
    expect((await t.reloading.reload()).problems).toEqual(['the bot is stopping']);
  });

  it('is a command for owners, answered in private', async () => {
    const t = await world({ a: commanding('a') });
    const command = reloadCommand(t.reloading);
    expect(command.spec.allow).toEqual(['owner']);
    const call = { user: 'me', at: 0, id: '1', replayed: false, redelivered: false, roles: new Set<never>() };
    t.now({ a: commanding('b') });
    expect(await command.run({ ...call, args: {} })).toEqual({ lines: ['Reloaded: a'], private: true });
    expect(await command.run({ ...call, args: { plugin: 'a' } })).toEqual({
      lines: ['Reloaded: a'],
      private: true,
    });
  });

  it('without a config to read again looks at the plugins it has', async () => {
    const { host } = fakeHost();
    const set = new PluginSet({
      host,
      log: nullLog,
      requests: [{ id: 'a', use: { plugin: commanding('a') } }],
    });
    await set.load(false);
    const reloading = new Reloading({ plugins: set, config: read() });
    expect((await reloading.reload()).unchanged).toEqual(['a']);
    expect((await reloading.reload({ only: 'a' })).reloaded).toEqual(['a']);
  });
});

it('a config that differs in its password, or in the order of its keys', () => {
  const one = read('rooms: [{ name: a, private: true }]');
  expect(changedSections(one, read('rooms: [{ private: true, name: a }]'))).toEqual([]);
  const other = loadConfig({
    path: '/etc/config.yaml',
    text: 'bot: { user: keeper, password: { env: OTHER } }\nrooms: [{ name: a, private: true }]',
    env: { OTHER: 'y' },
  });
  expect(other.ok && changedSections(one, other.config)).toEqual(['bot']);
});
