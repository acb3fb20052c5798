import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePlugin, type Plugin, s } from '../api/index.ts';
import { PluginLoadError } from './load-error.ts';
import { commandCall } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';
import type { PluginSource } from './types.ts';

let dir: string;

const FILES: Readonly<Record<string, string>> = {
  'good.ts': `
    import { definePlugin, PluginError, type Bot, s } from 'seekeeper';
    import { greeting } from './lib/words.ts';
    enum Kind { Loud = 'loud' }
    const config = s.object({ loud: s.boolean().default(true) });
    export default definePlugin({
      name: 'good', config,
      setup(bot) {
        const text: string = bot.config.loud ? greeting.toUpperCase() : greeting;
        bot.command({ name: 'hi', summary: Kind.Loud, run: () => [text, String(PluginError.name), import.meta.url] });
      },
    });`,
  'lib/words.ts': `export const greeting = 'hello';`,
  'good.js': `import { definePlugin } from 'seekeeper';
    export default definePlugin({ name: 'js', setup(bot) { bot.command({ name: 'js', summary: 's', run: () => 'js' }); } });`,
  'good.mjs': `import { definePlugin } from 'seekeeper';
    await Promise.resolve();
    export default definePlugin({ name: 'mjs', setup(bot) { bot.command({ name: 'mjs', summary: 's', run: () => 'mjs' }); } });`,
  'good.cjs': `const { definePlugin } = require('seekeeper');
    module.exports = definePlugin({ name: 'cjs', setup(bot) { bot.command({ name: 'cjs', summary: 's', run: () => 'cjs' }); } });`,
  'syntax.ts': `import { definePlugin } from 'seekeeper';\nexport default definePlugin({ name: 'x'`,
  'throws.ts': `throw new Error('boom\\nsecond line');`,
  'missing-import.ts': `import './nowhere.ts'; export default 1;`,
  'no-default.ts': `export const plugin = 1;`,
  'other.ts': `export default { hello: 1 };`,
  'api2.ts': `import { definePlugin } from 'seekeeper';\nexport default definePlugin({ name: 'x', api: 2 as never, setup() {} });`,
  'api0.ts': `export default { name: 'x', api: 0, needs: [], setup() {} };`,
  'node_modules/seekeeper-plugin-nice/package.json': JSON.stringify({
    name: 'seekeeper-plugin-nice',
    version: '1.0.0',
    type: 'module',
    exports: { import: './main.js' },
  }),
  'node_modules/seekeeper-plugin-nice/main.js': `import { definePlugin } from 'seekeeper';
    export default definePlugin({ name: 'nice', setup(bot) { bot.command({ name: 'nice', summary: 's', run: () => 'nice' }); } });`,
};

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'seekeeper-load-'));
  for (const [name, text] of Object.entries(FILES)) {
    const file = join(dir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function failureOf(use: PluginSource, config?: unknown): Promise<PluginLoadError> {
  const t = fakeHost({ baseDir: dir });
  const error: unknown = await t.host.load({ id: 'it', use, config }).catch((thrown: unknown) => thrown);
  if (!(error instanceof PluginLoadError))
    throw new Error(`expected a PluginLoadError, got ${String(error)}`);
  expect([t.host.list(), [...t.services.registered]]).toEqual([[], []]);
  expect(error.message).not.toContain('\n');
  return error;
}

describe('files and packages', () => {
  it('runs TypeScript unbuilt, with its helpers and the seekeeper of this process', async () => {
    const { host } = fakeHost({ baseDir: dir });
    const info = await host.load({ id: 'one', use: { path: './good.ts' }, config: { loud: false } });
    expect(info).toMatchObject({
      id: 'one',
      name: 'good',
      file: join(dir, 'good.ts'),
      state: 'running',
      commands: ['hi'],
    });
    const result = await host.invokeCommand('one', 'hi', commandCall('hi', 'al'));
    expect(result).toMatchObject({
      reply: ['hello', 'PluginError', expect.stringMatching(/^file:.*good\.ts$/)],
    });
  });

  it.each(['js', 'mjs', 'cjs'])('runs .%s', async (extension) => {
    const { host } = fakeHost({ baseDir: dir });
    await host.load({ id: 'one', use: { path: join(dir, `good.${extension}`) } });
    const result = await host.invokeCommand('one', extension, commandCall(extension, 'al'));
    expect(result).toMatchObject({ reply: [extension] });
  });

  it('finds a package from the config folder', async () => {
    const { host } = fakeHost({ baseDir: dir });
    const info = await host.load({ id: 'one', use: { package: 'seekeeper-plugin-nice' } });
    expect(info).toMatchObject({ name: 'nice', commands: ['nice'] });
  });

  it('sees a changed file and a changed helper on the next load', async () => {
    const { host } = fakeHost({ baseDir: dir });
    const helper = join(dir, 'changing-helper.ts');
    const file = join(dir, 'changing.ts');
    writeFileSync(helper, `export const word = 'old';`);
    writeFileSync(
      file,
      `import { definePlugin } from 'seekeeper'; import { word } from './changing-helper.ts';
       export default definePlugin({ name: 'c', setup(bot) { bot.command({ name: 'c', summary: 's', run: () => word }); } });`,
    );
    const said = async () => {
      await host.load({ id: 'c', use: { path: file } });
      const result = await host.invokeCommand('c', 'c', commandCall('c', 'al'));
      await host.unload('c', 'test');
      return result.state === 'done' ? result.reply : result;
    };
    expect(await said()).toEqual(['old']);
    writeFileSync(helper, `export const word = 'new';`);
    expect(await said()).toEqual(['new']);
  });

  it.each<[PluginSource, string, RegExp]>([
    [{ path: './absent.ts' }, 'not-found', /^Plugin "it" \(.*absent\.ts\): the file does not exist$/],
    [{ path: '.' }, 'not-found', /this is not a file/],
    [
      { package: 'seekeeper-plugin-absent' },
      'not-found',
      /not installed in .*: npm install seekeeper-plugin-absent/,
    ],
    [{ builtin: 'greter' }, 'not-found', /there is no built-in plugin of that name/],
    [{ path: './syntax.ts' }, 'load', /\(.*syntax\.ts\): cannot be loaded: .*syntax\.ts:2/],
    [{ path: './throws.ts' }, 'load', /\(.*throws\.ts\): cannot be loaded: boom second line/],
    [{ path: './missing-import.ts' }, 'load', /cannot be loaded: .*nowhere\.ts/],
    [{ path: './no-default.ts' }, 'shape', /it has no default export: write "export default definePlugin/],
    [{ path: './other.ts' }, 'shape', /its default export is no plugin/],
    [{ path: './api2.ts' }, 'api', /written for plugin API 2, and this bot has API 1: update seekeeper/],
    [{ path: './api0.ts' }, 'api', /plugin API 0, and this bot has API 1: ask its author/],
  ])('%j fails with one line', async (use, code, message) => {
    const error = await failureOf(use);
    expect(error.message).toMatch(message);
    expect([error.id, error.code]).toEqual(['it', code]);
  });

  it('names the built-in that was meant', async () => {
    const greeter = definePlugin({ name: 'greeter', setup() {} });
    const { host } = fakeHost({ builtins: { greeter } });
    await expect(host.load({ id: 'g', use: { builtin: 'greter' } })).rejects.toThrow(
      /did you mean greeter\?/,
    );
    expect(await host.load({ id: 'g', use: { builtin: 'greeter' } })).toMatchObject({ name: 'greeter' });
    await expect(host.load({ id: 'o', use: { builtin: 'toString' } })).rejects.toThrow(/no built-in/);
  });
});

describe('shape', () => {
  it.each<[unknown, RegExp]>([
    [undefined, /no default export/],
    ['text', /no plugin/],
    [{ api: 1, name: 'Bad Name', needs: [], setup() {} }, /its name "Bad Name" is not allowed/],
    [{ api: 1, name: 'x', needs: [], setup: 1 }, /its setup is not a function/],
    [
      { api: 1, name: 'x', needs: ['room.reed'], setup() {} },
      /it needs "room\.reed", which does not exist; did you mean "room\.read"\?/,
    ],
    [{ api: 1, name: 'x', needs: 'room.read', setup() {} }, /its needs are not a list/],
    [{ api: 1, name: 'x', needs: [], config: { a: 1 }, setup() {} }, /its config is no schema/],
    [{ api: '1', name: 'x', needs: [], setup() {} }, /plugin API "1"/],
    [{ name: 'x', needs: [], setup() {} }, /plugin API unknown/],
  ])('%#: refused', async (plugin, message) => {
    expect((await failureOf({ plugin })).message).toMatch(message);
  });

  it('takes a module namespace', async () => {
    const { host } = fakeHost();
    const plugin = { default: definePlugin({ name: 'x', setup() {} }) };
    expect(await host.load({ id: 'x', use: { plugin } })).toMatchObject({ name: 'x' });
  });

  it.each(['', 'a b', '../x', '-x', 'x'.repeat(65)])('the id %j is refused', async (id) => {
    const plugin = definePlugin({ name: 'x', setup() {} });
    await expect(fakeHost().host.load({ id, use: { plugin } })).rejects.toMatchObject({ code: 'id' });
  });
});

describe('config', () => {
  const plugin = definePlugin({
    name: 'x',
    config: s.object({ rooms: s.array(s.string(), { min: 1 }), every: s.duration().default('1h') }),
    setup: (bot) => bot.log.info('config', { config: bot.config }),
  });

  it('reaches setup as the schema reads it', async () => {
    const { load, services } = fakeHost();
    await load(plugin, 'x', { rooms: ['indie'], every: '5m' });
    expect(services.logs).toEqual([
      {
        instance: 'x',
        level: 'info',
        message: 'config',
        fields: { config: { rooms: ['indie'], every: 300_000 } },
      },
    ]);
  });

  it('is refused with every issue, and setup does not run', async () => {
    const error = await failureOf({ plugin }, { romos: ['indie'], every: 'soon' });
    expect(error.code).toBe('config');
    expect(error.message).toMatch(
      /^Plugin "it" \(given\): config\.romos: unknown key "romos"; did you mean "rooms"\? \(and 2 more\)$/,
    );
    expect(error.issues).toEqual([
      { path: ['romos'], message: expect.any(String), nearest: 'rooms', unknownKey: true },
      { path: ['rooms'], message: 'is missing: expected a list' },
      { path: ['every'], message: 'expected a duration like "5m" or "1h30m", got "soon"' },
    ]);
  });

  it.each([undefined, null, {}])('%j is empty', async (config) => {
    const { load } = fakeHost();
    await expect(load(definePlugin({ name: 'x', setup() {} }), 'x', config)).resolves.toBeDefined();
  });

  it('is refused by a plugin that takes none', async () => {
    expect((await failureOf({ plugin: definePlugin({ name: 'x', setup() {} }) }, { a: 1 })).message).toMatch(
      /config\.a: this plugin takes no config/,
    );
  });

  it('may be read by any Standard Schema, also an asynchronous one', async () => {
    const { load, services } = fakeHost();
    const schema = z.object({ n: z.coerce.number().refine(async (n) => n > 1, 'must be above one') });
    const zoddy = definePlugin({
      name: 'z',
      config: schema,
      setup: ({ config, log }) => log.info(String(config.n)),
    });
    await load(zoddy, 'a', { n: '5' });
    expect(services.logs[0]?.message).toBe('5');
    await expect(load(zoddy, 'b', { n: '1' })).rejects.toMatchObject({
      issues: [{ path: ['n'], message: 'must be above one' }],
    });
  });

  it('names each key that zod does not know, with its place and the nearest known one', async () => {
    const config = z.strictObject({ rooms: z.array(z.strictObject({ name: z.string() })) });
    const plugin = definePlugin({ name: 'z', config, setup() {} });
    const { issues } = await failureOf({ plugin }, { romos: 1, xyzzy: 1, rooms: [{ name: 'a', nmae: 'b' }] });
    const nearest = (key: string, known: string) => ({
      message: `unknown key "${key}"; did you mean "${known}"?`,
      nearest: known,
      unknownKey: true,
    });
    expect(issues).toEqual([
      { path: ['rooms', 0, 'nmae'], ...nearest('nmae', 'name') },
      { path: ['romos'], ...nearest('romos', 'rooms') },
      { path: ['xyzzy'], message: 'unknown key "xyzzy"', unknownKey: true },
    ]);
  });

  it('a schema that throws is a config error', async () => {
    const broken = {
      '~standard': {
        version: 1 as const,
        vendor: 'x',
        validate: (): { value: unknown } => {
          throw new Error('schema bug');
        },
      },
    };
    const error = await failureOf({ plugin: definePlugin({ name: 'x', config: broken, setup() {} }) });
    expect([error.code, error.message]).toEqual(['config', 'Plugin "it" (given): schema bug']);
  });
});

it.each(['core', 'Core'])('refuses the id %s, under which the bot itself has commands', async (id) => {
  const { load } = fakeHost();
  await expect(load(definePlugin({ name: 'x', setup() {} }), id)).rejects.toMatchObject({ code: 'id' });
});

describe('inspect', () => {
  it('tells about a plugin without running setup', async () => {
    const { host, services } = fakeHost();
    const plugin: Plugin = definePlugin({
      name: 'x',
      needs: ['room.read', 'room.say'],
      config: s.object({ rooms: s.array(s.string()) }),
      setup() {
        throw new Error('setup ran');
      },
    });
    expect(
      await host.inspect({
        id: 'x',
        use: { plugin },
        config: { room: [] },
        grant: ['room.read', 'moderate'],
      }),
    ).toMatchObject({
      name: 'x',
      needs: ['room.read', 'room.say'],
      granted: ['room.read'],
      configSchema: { type: 'object', required: ['rooms'] },
      issues: [{ path: ['room'], nearest: 'rooms' }, { path: ['rooms'] }],
    });
    expect([host.list(), services.problems]).toEqual([[], []]);
  });

  it('describes zod, and "object" where a library cannot say', async () => {
    const { host } = fakeHost();
    const look = async (config: NonNullable<Plugin['config']>) =>
      (await host.inspect({ id: 'x', use: { plugin: definePlugin({ name: 'x', config, setup() {} }) } }))
        .configSchema;
    expect(await look(z.object({ n: z.number() }))).toMatchObject({
      type: 'object',
      properties: { n: { type: 'number' } },
    });
    expect(await look(z.object({ d: z.date() }))).toEqual({ type: 'object' });
    expect(
      await look({ '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } }),
    ).toEqual({
      type: 'object',
    });
  });
});
