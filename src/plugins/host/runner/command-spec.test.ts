import { describe, expect, it } from 'vitest';
import { arg } from '../../api/args.ts';
import type { CommandDefinition } from '../../api/command.ts';
import { commandSpec } from './command-spec.ts';

const spec = (more: Partial<CommandDefinition>) =>
  commandSpec({ name: 'seen', summary: 'When?', run: () => {}, ...more });

describe('commandSpec', () => {
  it('is plain data with everything filled in', () => {
    expect(spec({})).toEqual({
      name: 'seen',
      aliases: [],
      in: 'any',
      cli: false,
      summary: 'When?',
      args: [],
      allow: [],
      cooldown: {},
      examples: [],
      onReplay: 'ignore',
      hidden: false,
    });
    const full = spec({
      aliases: ['lastseen'],
      in: 'room',
      description: 'More',
      args: {
        user: arg.user(),
        n: arg.optional(arg.int({ min: 1, max: 5 })),
        for: arg.optional(arg.duration({ max: '1h' })),
      },
      allow: ['mod'],
      cooldown: { user: '10s', room: 3_000, global: 0 },
      examples: ['seen al'],
      onReplay: 'run',
      hidden: true,
    });
    expect(structuredClone(full)).toEqual(full);
    expect(full).toMatchObject({
      cooldown: { user: 10_000, room: 3_000 },
      args: [
        { name: 'user', kind: 'user' },
        { name: 'n', kind: 'optional', of: { kind: 'int', min: 1, max: 5 } },
        { name: 'for', kind: 'optional', of: { kind: 'duration', max: 3_600_000 } },
      ],
    });
    expect(full.cooldown).not.toHaveProperty('global');
    expect(spec({ cooldown: '5s' }).cooldown).toEqual({ user: 5_000 });
  });

  it.each<[Partial<CommandDefinition>, RegExp]>([
    [{ name: 'Seen' }, /the name "Seen" is not allowed/],
    [{ name: '!seen' }, /not allowed/],
    [{ aliases: ['two words'] }, /not allowed/],
    [{ aliases: ['seen'] }, /one of its names is there twice/],
    [{ summary: ' ' }, /needs a summary/],
    [{ in: 'rooms' as never }, /in must be one of room, private, any, cli/],
    [{ allow: [] }, /nobody could run it/],
    [{ allow: ['admin' as never] }, /there is no role "admin"/],
    [{ cooldown: 'soon' }, /"soon" is not a duration/],
    [{ run: undefined as never }, /run is not a function/],
    [
      { args: { what: arg.text(), user: arg.user() } },
      /argument "user" comes after "what", which takes the rest/,
    ],
    [{ args: { who: arg.rest(arg.user()), loud: arg.flag() } }, /argument "loud" comes after "who"/],
    [{ args: { what: arg.optional(arg.text()), n: arg.int() } }, /comes after "what"/],
    [
      { args: { n: arg.optional(arg.int()), user: arg.user() } },
      /argument "user" is required and comes after an optional/,
    ],
    [{ args: { 'a-b': arg.word() } }, /argument name "a-b" is not allowed/],
    [{ args: { n: arg.int({ min: 5, max: 1 }) } }, /has a min above its max/],
    [{ args: { n: arg.optional(arg.flag()) } }, /cannot be an optional flag/],
    [{ args: { n: arg.rest(arg.text()) } }, /cannot be a list of text/],
    [{ args: { n: { kind: 'date' } as never } }, /is not made with arg/],
  ])('refuses %j', (more, message) => {
    expect(() => spec(more)).toThrow(message);
  });

  it('a flag may come after an optional argument', () => {
    expect(spec({ args: { n: arg.optional(arg.int()), loud: arg.flag() } }).args).toHaveLength(2);
  });
});
