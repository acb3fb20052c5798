import { beforeEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { CommandSpec } from '../../plugins/api/command.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { ReplyTarget } from '../../plugins/host/services.ts';
import type { CommandCall, CommandResult } from '../../plugins/host/types.ts';
import type { CommandDecision, CommandLine } from './command-ports.ts';
import { CommandEngine } from './engine.ts';

const clock = new VirtualClock();
const roles = new Map<string, Role[]>();
let engine: CommandEngine;
let calls: { instance: string; call: CommandCall }[];
let said: string[];
let result: (call: CommandCall) => CommandResult;
let log = memoryLog();
let notes: CommandDecision[];

const target = (to: ReplyTarget) =>
  to.kind === 'room' ? to.room : to.kind === 'private' ? `@${to.user}` : 'cli';

beforeEach(() => {
  roles.clear();
  roles.set('meg', ['mod']).set('boss', ['owner']);
  calls = [];
  said = [];
  notes = [];
  log = memoryLog();
  result = () => ({ state: 'done', reply: ['ok'], refund: false });
  engine = new CommandEngine({
    clock,
    log,
    prefix: (room) => (room === 'den' ? '..' : '!'),
    rolesOf: (user, room) =>
      new Set([
        ...(roles.get(user) ?? []),
        ...(room === 'den' && user === 'al' ? (['room.operator'] as const) : []),
      ]),
    run: async (instance, _name, call) => {
      calls.push({ instance, call });
      return result(call);
    },
    note: (decision) => void notes.push(decision),
    answer: async (to, lines) => void said.push(...lines.map((line) => `${target(to)}: ${line}`)),
  });
  engine.register(
    'seen',
    spec({
      name: 'seen',
      aliases: ['lastseen'],
      args: [{ name: 'user', kind: 'user' }],
      cooldown: { user: 10_000, room: 3_000 },
    }),
  );
});

function spec(part: Partial<CommandSpec> & { name: string }): CommandSpec {
  return {
    aliases: [],
    in: 'any',
    cli: part.in === 'cli',
    summary: `Does ${part.name}`,
    args: [],
    allow: [],
    cooldown: {},
    examples: [],
    onReplay: 'ignore',
    hidden: false,
    ...part,
  };
}

let lines = 0;
async function type(
  user: string,
  text: string,
  room: string | undefined,
  part: Partial<CommandLine>,
): Promise<string> {
  const ref =
    room === undefined ? {} : { room: { name: room, private: room === 'den', standing: 'visitor' as const } };
  const id = `line ${++lines}`;
  return engine.handle({
    id,
    user,
    text,
    at: clock.now(),
    replayed: false,
    redelivered: false,
    ...ref,
    ...part,
  });
}
const say = (user: string, text: string, room = 'indie', part: Partial<CommandLine> = {}) =>
  type(user, text, room, part);
const pm = (user: string, text: string, part: Partial<CommandLine> = {}) => type(user, text, undefined, part);

describe('what is a call', () => {
  it.each([
    ['!seen bob', 'ran'],
    ['  !SEEN bob', 'ran'],
    ['!lastseen bob', 'ran'],
    ['seen bob', 'talk'],
    ['! seen bob', 'talk'],
    ['!', 'talk'],
    ['!nothing', 'talk'],
    ['hello !seen bob', 'talk'],
  ])('in a room: %j → %s', async (text, verdict) => {
    expect(await say('al', text)).toBe(verdict);
    if (verdict === 'talk') expect(said).toEqual([]);
  });

  it('follows the prefix of the room', async () => {
    expect(await say('al', '..seen x', 'den')).toBe('ran');
    expect(await say('bob', ' ..SEEN x', 'den', {})).toBe('ignored');
    expect(await say('al', '!seen x', 'den')).toBe('talk');
    expect(await say('al', '.seen x', 'den')).toBe('talk');
  });

  it('in private takes known names with and without prefix, and answers unknown ones only with it', async () => {
    expect(await pm('al', 'seen bob')).toBe('ran');
    expect(await pm('bob', '!seen bob')).toBe('ran');
    expect(await pm('al', 'how are you?')).toBe('talk');
    expect(said).toEqual(['@al: ok', '@bob: ok']);
    expect(await pm('al', '!sene bob')).toBe('refused');
    expect(await pm('al', '!xyzzy')).toBe('refused');
    expect(said.slice(2)).toEqual([
      '@al: I know no command "sene"; did you mean !seen?',
      '@al: I know no command "xyzzy"; !help lists what I know',
    ]);
  });

  it('hands over what was asked, by whom and where', async () => {
    await say('al', '!LastSeen "two words"', 'indie', { id: 'line x', redelivered: true });
    expect(calls).toEqual([
      {
        instance: 'seen',
        call: {
          args: { user: 'two words' },
          user: 'al',
          room: { name: 'indie', private: false, standing: 'visitor' },
          source: 'room',
          at: clock.now(),
          id: 'line x',
          command: 'lastseen',
          replayed: false,
          redelivered: true,
          target: { kind: 'room', room: 'indie', user: 'al' },
        },
      },
    ]);
  });
});

describe('places', () => {
  beforeEach(() => {
    engine.register('p', spec({ name: 'inroom', in: 'room' }));
    engine.register('p', spec({ name: 'secret', in: 'private' }));
    engine.register('p', spec({ name: 'reload', in: 'cli' }));
  });

  it('says where a command works', async () => {
    await say('al', '!secret');
    await pm('al', 'inroom');
    expect(said).toEqual([
      'indie: al: !secret works in a private message to me only',
      '@al: !inroom works in rooms only',
    ]);
    expect(calls).toEqual([]);
  });

  it('never lets anybody but the console run a console command', async () => {
    expect(await say('boss', '!reload')).toBe('talk');
    await pm('boss', '!reload');
    expect(said).toEqual(['@boss: I know no command "reload"; !help lists what I know']);
    expect(await engine.runCli('reload', 'session 1', 'cli 1')).toEqual({ ok: true, lines: ['ok'] });
    expect(calls.map(({ call }) => [call.source, call.user, call.target])).toEqual([
      ['cli', 'console', { kind: 'cli', session: 'session 1' }],
    ]);
    expect(await engine.runCli('seen bob', 's', 'c')).toEqual({
      ok: false,
      lines: ['I know no console command "seen"; there are reload'],
    });
    expect(await engine.runCli('  ', 's', 'c')).toMatchObject({ ok: false });
    expect(await engine.runCli('reload now', 's', 'c')).toEqual({
      ok: false,
      lines: ['"now" is too much — usage: reload'],
    });
  });
});

describe('the console', () => {
  it('runs commands of the chat that say so, hands a text over, and tells whether it worked', async () => {
    engine.register('p', spec({ name: 'wish', in: 'any', cli: true }));
    expect(await engine.runCli('wish', 's', 'c', 'a file')).toMatchObject({ ok: true });
    expect(calls.at(-1)?.call).toMatchObject({ source: 'cli', input: 'a file' });
    await say('al', '!wish');
    expect(calls.at(-1)?.call).toMatchObject({ source: 'room', user: 'al' });
    result = () => ({ state: 'done', reply: ['there is no such wish'], refund: true });
    expect(await engine.runCli('wish', 's', 'c')).toEqual({ ok: false, lines: ['there is no such wish'] });
  });
});

describe('permission', () => {
  beforeEach(() => {
    engine.register(
      'f',
      spec({ name: 'forget', allow: ['mod', 'owner'], args: [{ name: 'user', kind: 'user' }] }),
    );
    engine.register('f', spec({ name: 'add', allow: ['room.operator', 'mod'] }));
    engine.register('f', spec({ name: 'friends', allow: ['trusted'] }));
  });

  it.each([
    ['al', '!forget bob', 'indie', false],
    ['meg', '!forget bob', 'indie', true],
    ['boss', '!forget bob', 'indie', true],
    ['al', '!add', 'indie', false],
    ['al', '..add', 'den', true],
    ['bob', '..add', 'den', false],
    ['meg', '!friends', 'indie', false],
    ['boss', '!friends', 'indie', true],
    ['MEG', '!forget bob', 'indie', false],
  ])('%s types %s in %s: %s', async (user, text, room, allowed) => {
    expect(await say(user, text, room)).toBe(allowed ? 'ran' : 'refused');
    expect(calls).toHaveLength(allowed ? 1 : 0);
  });

  it('names the roles, before it looks at the arguments', async () => {
    await say('al', '!forget');
    await pm('al', 'forget');
    await say('bob', '..add', 'den');
    expect(said).toEqual([
      'indie: al: you need mod or owner for !forget',
      '@al: you need mod or owner for !forget',
      'den: bob: you need operator of the room or mod for ..add',
    ]);
  });
});

describe('cooldowns', () => {
  it('is silent in a room, explains itself in private, and ends', async () => {
    await say('al', '!seen bob');
    expect(await say('al', '!seen bob')).toBe('ignored');
    expect(await say('bob', '!seen bob')).toBe('ignored');
    expect(await pm('al', 'seen bob')).toBe('refused');
    expect(said).toEqual(['indie: ok', '@al: !seen can be used again in 10 s']);
    await clock.advance(3_000);
    expect(await say('bob', '!seen bob')).toBe('ran');
    await clock.advance(7_000);
    expect(await pm('al', 'seen bob')).toBe('ran');
  });

  it('is charged last: neither a refusal nor a usage error costs anything', async () => {
    expect(await say('al', '!seen')).toBe('refused');
    expect(await say('al', '!seen bob')).toBe('ran');
    expect(said[0]).toBe('indie: missing user — usage: !seen <user>');
  });

  it.each<[string, CommandResult, string]>([
    ['refunded by the plugin', { state: 'done', reply: [], refund: true }, 'ran'],
    ['failed', { state: 'error', message: 'secret detail' }, 'failed'],
    ['busy', { state: 'busy' }, 'failed'],
    ['unloaded', { state: 'unloaded' }, 'unfinished'],
  ])('costs nothing when %s', async (_, outcome, verdict) => {
    result = () => outcome;
    expect(await say('al', '!seen bob')).toBe(verdict);
    result = () => ({ state: 'done', reply: [], refund: false });
    expect(await say('bob', '!seen bob')).toBe('ran');
    expect(said.join()).not.toContain('secret detail');
  });

  it('is charged while the command still runs', async () => {
    const first = say('al', '!seen bob');
    expect(await say('al', '!seen bob')).toBe('ignored');
    expect(await first).toBe('ran');
  });

  it('is not waited for by mods and owners, whose use counts for the room', async () => {
    for (const user of ['meg', 'meg', 'boss', 'boss']) expect(await say(user, '!seen bob')).toBe('ran');
    expect(await say('al', '!seen bob')).toBe('ignored');
  });
});

describe('replayed calls', () => {
  it('are ignored without a word, unless the command wants them', async () => {
    engine.register('r', spec({ name: 'remind', onReplay: 'run', args: [{ name: 'what', kind: 'text' }] }));
    expect(await pm('al', '!seen bob', { replayed: true })).toBe('ignored');
    expect(await pm('al', '!nonsense', { replayed: true })).toBe('talk');
    expect(said).toEqual([]);
    expect(log.at('info', 'Ignored a command')[0]?.fields).toEqual({
      command: 'seen',
      user: 'al',
      why: 'it was sent while the bot was away',
    });
    expect(await pm('al', '!remind tea', { replayed: true })).toBe('ran');
    expect(calls[0]?.call.replayed).toBe(true);
  });
});

describe('help', () => {
  beforeEach(() => {
    engine.register('f', spec({ name: 'forget', allow: ['mod'] }));
    engine.register('f', spec({ name: 'debug', hidden: true }));
    engine.register('f', spec({ name: 'reload', in: 'cli' }));
    engine.register('f', spec({ name: 'secret', in: 'private' }));
  });

  it('lists what the asker may run here', async () => {
    await say('al', '!help');
    await say('meg', '!commands');
    await pm('al', 'help');
    expect(said).toEqual([
      'indie: Commands: !help, !seen — !help <command> tells more.',
      'indie: Commands: !forget, !help, !seen — !help <command> tells more.',
      '@al: Commands: !help, !secret, !seen — !help <command> tells more.',
    ]);
  });

  it('explains one command, in private when that is long', async () => {
    engine.register(
      'w',
      spec({
        name: 'wish',
        aliases: ['w'],
        description: 'It goes on until you remove it.',
        cooldown: { user: 60_000 },
        args: [
          { name: 'kind', kind: 'oneOf', values: ['song', 'album'] },
          { name: 'what', kind: 'text' },
        ],
        examples: ['wish song blue moon'],
      }),
    );
    await say('al', '!help !seen');
    await say('al', '!help w');
    expect(said).toEqual([
      'indie: !seen <user> — Does seen',
      'indie: also !lastseen; once in 10s per user, 3s per room',
      '@al: !wish <kind> <what…> — Does wish',
      '@al: It goes on until you remove it.',
      '@al: kind: song | album; also !w; once in 1m per user',
      '@al: For example: !wish song blue moon',
    ]);
  });

  it('does not explain what the asker may not run, nor what is not there', async () => {
    await say('al', '!help forget');
    await say('al', '!help reload');
    expect(said).toEqual([
      'indie: You need mod for !forget',
      'indie: There is no such command; !help lists them',
    ]);
  });

  it('goes to private when there is much of it, in lines of bounded length', async () => {
    for (let i = 0; i < 80; i += 1) engine.register('many', spec({ name: `command-with-a-long-name-${i}` }));
    await say('al', '!help');
    expect(said.length).toBeGreaterThan(2);
    for (const line of said) expect(line.length).toBeLessThan(320);
    expect(said.every((line) => line.startsWith('@al: '))).toBe(true);
    expect(said.join(' ').match(/command-with/g)).toHaveLength(80);
  });
});

describe('chatter', () => {
  it('stops telling somebody off, but not others, and not for ever', async () => {
    for (let i = 0; i < 8; i += 1) await say('al', '!seen');
    expect(said).toHaveLength(5);
    await say('bob', '!seen');
    expect(said).toHaveLength(6);
    await clock.advance(60_000);
    await say('al', '!seen');
    expect(said).toHaveLength(7);
  });
});

describe('registration', () => {
  it('names both sides of a clash and registers nothing of the second', async () => {
    expect(() => engine.register('other', spec({ name: 'where', aliases: ['LastSeen'] }))).toThrow(
      'Command "lastseen" of plugin other clashes: it is already an alias of "seen" of plugin seen',
    );
    expect(() => engine.register('other', spec({ name: 'help' }))).toThrow('of the bot itself');
    expect(await say('al', '!where')).toBe('talk');
  });

  it('frees the names and the cooldown', async () => {
    await say('al', '!seen bob');
    engine.unregister('other', 'seen');
    expect(await say('al', '!seen bob')).toBe('ignored');
    engine.unregister('seen', 'seen');
    expect(await say('al', '!lastseen bob')).toBe('talk');
    engine.register('new', spec({ name: 'lastseen' }));
    expect(await say('al', '!lastseen')).toBe('ran');
  });
});
