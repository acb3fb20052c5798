import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { type LoadConfigOptions, loadConfig } from './load-config.ts';

const BOT = 'bot: { user: keeper, password: { env: PW } }\n';

const load = (text: string, over: Partial<LoadConfigOptions> = {}) =>
  loadConfig({ path: '/etc/bot/config.yaml', text, env: { PW: 'hunter2' }, ...over });

/** What a person would read. */
const complaints = (text: string, over: Partial<LoadConfigOptions> = {}): string[] => {
  const result = load(text, over);
  return (result.ok ? result.warnings : result.diagnostics).map(formatDiagnostic);
};

const config = (text: string, over: Partial<LoadConfigOptions> = {}) => {
  const result = load(text, over);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.config;
};

describe('a limit beyond its bound', () => {
  it('is taken when the owner insists, and named', () => {
    const text = `${BOT}outgoing: { search: 600/60s burst 3, room-repeat: 0s, allow-above-ceiling: true }`;
    const [search, ...more] = complaints(text);
    expect(search).toMatch(
      /^config.yaml:2:21 warning: outgoing.search: beyond what is known to be safe \(at most 34/,
    );
    expect(more.at(-1)).toMatch(/^config.yaml:2:\d+ warning: outgoing.room-repeat: .*\(at least/);
    expect(config(text).outgoing.allowAboveCeiling).toBe(true);
  });
});

describe('a good config', () => {
  it('needs only the bot; the rest has defaults', () => {
    expect(config(BOT)).toMatchObject({
      bot: { language: 'en', timezone: 'UTC' },
      server: { host: 'server.slsknet.org', port: 2242 },
      listen: { host: '0.0.0.0', port: 2234 },
      tree: { children: 10 },
      rooms: [],
      roles: { owner: [], mod: [], trusted: [] },
      store: { path: '/etc/bot/seekeeper.db' },
      journal: { keepMs: 2_592_000_000 },
      shutdown: { drainMs: 5000 },
      onPluginFailure: 'stop',
      plugins: [],
    });
  });

  it('takes keys with nothing behind them as not given', () => {
    expect(config(`${BOT}rooms:\nserver:\n  port:\nlog:\nplugins:\n`)).toMatchObject({
      rooms: [],
      server: { port: 2242 },
    });
  });

  it('reads rooms in both forms', () => {
    expect(
      config(
        `${BOT}rooms: [indie, { name: den, private: true, charset: koi8-r, prefix: '?', language: pt-BR }]`,
      ).rooms,
    ).toEqual([
      { name: 'indie', private: false },
      { name: 'den', private: true, charset: 'koi8-r', prefix: '?', language: 'pt-br' },
    ]);
  });

  it('reads what a plugin does differently in a room, and how long it may take', () => {
    const text = `${BOT}rooms: [den]
plugins:
  ./a.ts: { rooms: { den: { max: 2, word: null } }, time-budget: 5s }
  ./b.ts: { rooms: { dne: { max: 2 } } }
`;
    const loaded = load(text);
    expect(loaded).toMatchObject({
      ok: true,
      config: { plugins: [{ rooms: { den: { max: 2, word: null } }, handlerMs: 5_000 }, {}] },
    });
    expect(loaded.ok && loaded.warnings.map(formatDiagnostic)).toContainEqual(
      'config.yaml:5:22 warning: plugins."./b.ts".rooms.dne: the room "dne" is not among "rooms"; did you mean "den"?',
    );
  });

  it('works out where plugins run', () => {
    const text = `${BOT}plugins:
  ./a.ts: {}
  ./b.ts: { isolate: inproc }
  ./c.ts: { isolate: worker }
  ./d.ts: { worker: small, memory: 1GB }
  seen: { isolate: inproc }
`;
    expect(config(text).plugins.map(({ runtime }) => runtime)).toEqual([
      undefined,
      { kind: 'inproc' },
      { kind: 'worker' },
      { kind: 'worker', share: 'small', memoryMb: 1024 },
      { kind: 'inproc' },
    ]);
  });

  it('works out where plugins come from', () => {
    const text = `${BOT}plugins:
  seen:
  ./plugins/greeter.ts: { config: { rooms: [indie], note: null }, grant: [room.read] }
  two: { use: ../b.js }
  three: { use: seekeeper-plugin-x }
  four: { use: builtin:seen }
`;
    expect(config(text).plugins).toEqual([
      { id: 'seen', key: 'seen', use: { named: 'seen' }, config: {} },
      {
        id: 'greeter',
        key: './plugins/greeter.ts',
        use: { path: '/etc/bot/plugins/greeter.ts' },
        config: { rooms: ['indie'], note: null },
        grant: ['room.read'],
      },
      { id: 'two', key: 'two', use: { path: '/etc/b.js' }, config: {} },
      { id: 'three', key: 'three', use: { package: 'seekeeper-plugin-x' }, config: {} },
      { id: 'four', key: 'four', use: { builtin: 'seen' }, config: {} },
    ]);
  });

  it('turns rates into limits of the governor', () => {
    const { outgoing } = config(
      `${BOT}outgoing: { room: 2/8s burst 2, search: 10/300s, reconnect: 10s..1h, pm: 1/5s }`,
    );
    expect(outgoing).toMatchObject({
      roomLine: { everySeconds: 4, burst: 2 },
      search: { max: 10, windowSeconds: 300 },
      login: { retrySeconds: 10, retryMaxSeconds: 3600 },
      privateLine: { everySeconds: 5 },
    });
  });

  it('opens no port when told so, and resolves paths from its own folder', () => {
    const { listen, store, log } = config(
      `${BOT}listen: false\nstore: { path: data/x.db }\nlog: { file: /var/log/bot.log }`,
    );
    expect([listen, store.path, log.file]).toEqual([false, '/etc/bot/data/x.db', '/var/log/bot.log']);
  });

  it('opens either port without the other', () => {
    const listen = (text: string) => config(`${BOT}listen: ${text}`).listen;
    expect(listen('{ port: false, obfuscated-port: 0 }')).toEqual({
      host: '0.0.0.0',
      port: false,
      obfuscatedPort: 0,
    });
    expect(listen('{ obfuscated-port: false }')).toEqual({
      host: '0.0.0.0',
      port: 2234,
      obfuscatedPort: false,
    });
  });
});

describe('a bad config is told with place, expectation and what was probably meant', () => {
  it.each([
    ['server:\n  prot: 1', 'config.yaml:3:3 server.prot: unknown key; did you mean "port"?'],
    [
      'server:\n  port: abc',
      'config.yaml:3:9 server.port: expected a whole number from 1 to 65535, got "abc"',
    ],
    ['servr: {}', 'config.yaml:2:1 servr: unknown key; did you mean "server"?'],
    ['rooms: indie', 'config.yaml:2:8 rooms: expected a list, got "indie"'],
    ['rooms: [{ nam: x }]', 'config.yaml:2:11 rooms[0].nam: unknown key; did you mean "name"?'],
    ['rooms: [den, den]', 'config.yaml:2:14 rooms[1]: the room "den" is named twice'],
    ['rooms: [a, "b  c"]', /^config.yaml:2:12 rooms\[1\]: .*two spaces in a row/],
    [
      'rooms: [{ name: a, charset: utf-9 }]',
      /^config.yaml:2:29 rooms\[0\]\.charset: unknown charset "utf-9"/,
    ],
    ['roles: { owner: [" me"] }', /^config.yaml:2:18 roles.owner\[0\]: expected a user name: .*, got " me"/],
    ['listen: true', 'config.yaml:2:9 listen: expected false or a map (key: value), got true'],
    [
      'listen: { obfuscated-port: 65536 }',
      'config.yaml:2:28 listen.obfuscated-port: expected a whole number from 0 to 65535, or false, got 65536',
    ],
    [
      'tree: { children: 1000 }',
      'config.yaml:2:19 tree.children: expected a whole number from 0 to 100, got 1000',
    ],
    ['listen: { host: localhost }', /^config.yaml:2:17 listen.host: expected an IPv4 address/],
    [
      'log: { level: inof }',
      'config.yaml:2:15 log.level: expected trace, debug, info, warn or error, got "inof"; did you mean "info"?',
    ],
    ['shutdown: { drain: 5 }', /^config.yaml:2:20 shutdown.drain: expected a length of time .*, got 5/],
    [
      'rooms: [{ name: a, language: "deutsch!" }]',
      /^config.yaml:2:\d+ rooms\[0\].language: expected a language tag/,
    ],
    [
      'commands: { prefix: hey }',
      /^config.yaml:2:21 commands.prefix: expected 1 to 3 punctuation characters/,
    ],
    [
      'outgoing: { room: often }',
      'config.yaml:2:19 outgoing.room: expected a rate such as 1/3s burst 3, got "often"',
    ],
    ['outgoing: { join: 1/2s burst 3 }', /^config.yaml:2:19 outgoing.join: expected a rate/],
    [
      'outgoing: { room: 1/1s }',
      /^config.yaml:2:19 outgoing.room: expected at least 2 s .*allow-above-ceiling/,
    ],
    [
      'outgoing: { room: 1/1h burst 1000, allow-above-ceiling: true }',
      /^config.yaml:2:19 outgoing.room: expected from 1 to 100/,
    ],
    ['outgoing: { housekeeping: 1/3s }', /^config.yaml:2:27 outgoing.housekeeping: expected from 1/],
    [
      'plugins: { seen: { confg: {} } }',
      'config.yaml:2:20 plugins.seen.confg: unknown key; did you mean "config"?',
    ],
    [
      'plugins: { seen: { grant: [room.sya] } }',
      /^config.yaml:2:28 plugins.seen.grant\[0\]: .*did you mean "room.say"/,
    ],
    ['plugins: { "a b": {} }', /^config.yaml:2:12 plugins."a b": expected an id of letters/],
    [
      'plugins: { ./a/x.ts: {}, ./b/x.ts: {} }',
      /^config.yaml:2:26 plugins."\.\/b\/x\.ts": the id "x" is taken by "\.\/a\/x\.ts"/,
    ],
    [
      'plugins: { seen: {}, core: { use: builtin:seen } }',
      /^config.yaml:2:22 plugins.core: the id "core" is/,
    ],
    ['plugins: { ./Core.ts: {} }', /^config.yaml:2:12 .*the id "Core" is the name of the bot itself/],
    [
      'plugins: { seen: { use: builtin:seen, isolate: worker } }',
      /^config.yaml:2:12 .*a built-in plugin runs in the process/,
    ],
    ['plugins: { ./x.ts: { isolate: inproc, memory: 64MB } }', /2:12 .*"isolate: inproc" wants none/],
    ['plugins: { ./x.ts: { time-budget: 5 } }', /2:35 .*expected a length of time/],
    ['plugins: { ./x.ts: { rooms: [den] } }', /2:29 .*expected a map/],
    ['plugins: { ./x.ts: { memory: 8MB } }', /2:30 .*expected 32MB to 16GB, such as 256MB/],
    ['plugins: { ./x.ts: { isolate: thread } }', /2:31 .*expected worker or inproc/],
    [
      'plugins: { ./x.ts: { worker: w, memory: 64MB }, ./y.ts: { worker: w } }',
      /2:49 .*every plugin that shares the worker "w" must have the same "memory"/,
    ],
    ['plugins: { ./x.ts: { use: y } }', /^config.yaml:2:12 .*cannot have "use" too/],
    ['server: { port: 1, port: 2 }', 'config.yaml:2:20 this key is given twice'],
    ['log:\n\tlevel: info', /^config.yaml:3:1 tabs cannot indent/],
    ['log: { level: "info }', /^config.yaml:\d+:\d+ something is missing here/],
    ['---\nlog: {}', /^config.yaml:2:1 only one document/],
  ])('%j', (text, expected) => {
    const found = complaints(BOT + text);
    expect(load(BOT + text).ok).toBe(false);
    expect(
      found.some((line) => (typeof expected === 'string' ? line === expected : expected.test(line))),
      found.join('\n'),
    ).toBe(true);
  });

  it('a time zone that nobody knows', () => {
    const text = 'bot: { user: keeper, password: { env: PW }, timezone: Berlin }';
    expect(complaints(text)).toEqual([
      'config.yaml:1:55 bot.timezone: expected an IANA name of a time zone, such as Europe/Berlin, got "Berlin"',
    ]);
  });

  it.each([
    ['', /the file is empty/],
    ['# nothing\n', /the file is empty/],
    ['- a\n', /expected a map/],
    ['hello', /expected a map/],
  ])('%j as the whole file', (text, expected) => {
    expect(complaints(text)).toEqual([expect.stringMatching(expected)]);
  });

  it('tells everything at once, in order of place', () => {
    const found = complaints('servr: {}\nbot: { user: "" }\nrooms: [7]\n');
    expect(found.map((line) => line.split(' ')[0])).toEqual([
      'config.yaml:1:1',
      'config.yaml:2:6',
      'config.yaml:2:14',
      'config.yaml:3:9',
    ]);
  });

  it('a file that is not there', () => {
    expect(complaints('', { path: '/nowhere/config.yaml', text: undefined as never })).toEqual([
      '/nowhere/config.yaml: the config file /nowhere/config.yaml does not exist',
    ]);
  });
});

it('says where a plugin found something wrong in its part', () => {
  const result = load(`${BOT}plugins:\n  ./x.ts:\n    config:\n      rooms: [a, 7]\n`);
  if (!result.ok) throw new Error('refused');
  const at = (path: (string | number)[]) =>
    formatDiagnostic(result.source.diagnose(['plugins', './x.ts', 'config', ...path], 'bad'));
  expect(at(['rooms', 1])).toBe('config.yaml:5:18 plugins."./x.ts".config.rooms[1]: bad');
  expect(at(['missing'])).toBe('config.yaml:5:7 plugins."./x.ts".config.missing: bad');
});

describe('whatever the text', () => {
  const line = fc.constantFrom(
    'bot:',
    '  user: a',
    'bot: { user: a, password: { env: PW } }',
    'rooms: [a, {name: b}]',
    '- x',
    '&a [*a]',
    '*b',
    '? [x]: y',
    '\t',
    'plugins:',
    '  seen:',
    '  ./x.ts: { config: }',
    '__proto__: { x: 1 }',
    'constructor: 1',
    '!!js/undefined x',
    '%YAML 1.1',
    '<<: *a',
    '"',
    "'",
    '{',
    ']',
    '|',
    'a: b: c',
    'outgoing: { room: 1/3s }',
    'server: &s { port: 1 }',
    'listen: *s',
    '1: 2',
    'null: null',
    '~: ~',
    '0x10: 1',
    '---',
    '...',
    '2001-01-01: !!timestamp x',
  );
  const soup = fc
    .array(fc.oneof({ weight: 5, arbitrary: line }, fc.string()), { maxLength: 12 })
    .map((lines) => lines.join('\n'));

  it('it never throws, every diagnostic has a place, and a config without errors has a password', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const result = load(text);
        if (result.ok) expect(result.config.bot.password.reveal()).not.toBe('');
        else {
          expect(result.diagnostics.length).toBeGreaterThan(0);
          for (const { line: row, column } of result.diagnostics) expect(row >= 1 && column >= 1).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('a bomb of aliases is refused', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
    expect(complaints(`l0: &l0 [x]\n${levels.join('\n')}`)).toEqual([
      expect.stringMatching(/refer to each other too often/),
    ]);
  });
});
