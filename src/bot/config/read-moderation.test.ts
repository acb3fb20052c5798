import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from './diagnostic.ts';
import { loadConfig } from './load-config.ts';

const HEAD = `bot: { user: keeper, password: { env: PW } }
rooms: [indie, { name: den, private: true }]
plugins: { ./plugins-examples/seen.ts: {} }
`;

const load = (moderation: string) =>
  loadConfig({ path: '/x/config.yaml', text: `${HEAD}moderation: ${moderation}\n`, env: { PW: 'x' } });

const complaints = (moderation: string): readonly string[] => {
  const result = load(moderation);
  return (result.ok ? result.warnings : result.diagnostics).map(formatDiagnostic);
};

const read = (moderation: string) => {
  const result = load(moderation);
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'));
  return result.config.moderation;
};

describe('moderation', () => {
  it('has a whole policy without a word', () => {
    expect(read('{}')).toMatchObject({
      mode: 'live',
      newRules: 'shadow',
      ladder: [
        { points: 1, consequence: 'note' },
        { points: 3, consequence: 'warn' },
        { points: 6, consequence: 'report' },
        { points: 10, consequence: 'remove:1h' },
        { points: 20, consequence: 'remove:1d' },
        { points: 40, consequence: 'remove' },
      ],
      decay: { points: 1, perMs: 86_400_000 },
      mergeMs: 60_000,
      caps: { removals: 5, warnings: 20 },
      suggestMs: 43_200_000,
      proposeMs: 604_800_000,
      overturned: { count: 3, of: 20 },
      keepMs: 365 * 86_400_000,
      exempt: { users: [], roles: [] },
      staff: { users: [], digest: 'none' },
      rooms: {},
      rules: {},
    });
  });

  it('takes steps in any order, and what is different in rooms and rules', () => {
    const moderation = read(`
  ladder: { 20: remove, 2.5: warn, 10: 'ignore:2h30m', 12: seen/jail }
  decay: false
  propose: false
  staff: { room: den }
  rooms: { den: { mode: suggest, decay: false, ladder: { 1: report }, rules: { seen/a: { weight: 0.5 } } } }
  rules: { seen/a: { mode: live, at-most: warn, trusted-since: 2026-01-31 } }`);
    expect(moderation.ladder.map(({ points, consequence }) => `${points} ${consequence}`)).toEqual([
      '2.5 warn',
      '10 ignore:2h30m',
      '12 seen/jail',
      '20 remove',
    ]);
    expect(moderation).not.toHaveProperty('decay');
    expect(moderation).not.toHaveProperty('proposeMs');
    expect(moderation.rooms['den']).toEqual({
      mode: 'suggest',
      decay: null,
      ladder: [{ points: 1, consequence: 'report' }],
      rules: { 'seen/a': { weight: 0.5 } },
    });
    expect(moderation.rules['seen/a']).toEqual({
      mode: 'live',
      atMost: 'warn',
      trustedSince: Date.UTC(2026, 0, 31),
    });
  });

  it.each([
    ['{ laddr: {} }', '4:15 moderation.laddr: unknown key; did you mean "ladder"?'],
    ['{ ladder: {} }', '4:15 moderation.ladder: the ladder has no steps'],
    [
      '{ ladder: { 1: wran } }',
      '4:28 moderation.ladder.1: expected note, report, warn, warn-room, ignore, remove or PLUGIN/ACTION, got "wran"; did you mean "warn"?',
    ],
    [
      '{ ladder: { 1: remov:1h, 2: remove } }',
      '4:28 moderation.ladder.1: expected note, report, warn, warn-room, ignore, remove or PLUGIN/ACTION, got "remov:1h"; did you mean "remove:1h"?',
    ],
    [
      '{ ladder: { 1: "warn:1h", 2: remove } }',
      '4:28 moderation.ladder.1: warn takes no time, got "warn:1h"; did you mean "warn"?',
    ],
    [
      '{ ladder: { 1: "remove:1s", 2: remove } }',
      '4:28 moderation.ladder.1: expected remove:TIME with a time from 1m to 366d, such as remove:1h, got "remove:1s"',
    ],
    [
      '{ ladder: { x: warn, 2: remove } }',
      '4:25 moderation.ladder.x: expected points from 0.1 to 1000, such as 3 or 2.5',
    ],
    [
      '{ ladder: { 0: warn, 2: remove } }',
      '4:25 moderation.ladder.0: expected points from 0.1 to 1000, such as 3 or 2.5',
    ],
    [
      '{ ladder: { 1: note, 5: "remove:1d" } }',
      '4:15 moderation.ladder: the ladder does not end: whoever gets to 5 points meets remove:1d for ever; let the last step be report, ignore or remove without a time, or an action of a plugin',
    ],
    [
      '{ ladder: { 1: sen/jail } }',
      '4:28 moderation.ladder.1: there is no plugin "sen" under "plugins"; did you mean "seen/jail"?',
    ],
    [
      '{ ladder: { 1: seen/ } }',
      '4:28 moderation.ladder.1: expected PLUGIN/ACTION, the id of a plugin and of an action that it adds, got "seen/"',
    ],
    [
      '{ decay: 1 }',
      '4:22 moderation.decay: expected points per time such as 1/1d, or false for never, got 1',
    ],
    ['{ mode: on }', '4:21 moderation.mode: expected off, shadow, suggest or live, got "on"'],
    [
      '{ propose: 5m }',
      '4:24 moderation.propose: expected a length of time from 1h to 52w1d, such as 90s, 10m or 1h30m, or false for never, got "5m"',
    ],
    [
      '{ staff: { room: lair } }',
      '4:30 moderation.staff.room: the room "lair" is not among "rooms", so nothing can be said there',
    ],
    [
      '{ rules: { flood: {} } }',
      '4:24 moderation.rules.flood: expected PLUGIN/RULE: the id of a plugin and of its rule',
    ],
    [
      '{ rules: { sen/flood: {} } }',
      '4:24 moderation.rules."sen/flood": there is no plugin "sen" under "plugins"; did you mean "seen/flood"?',
    ],
    [
      '{ rules: { seen/flood: { wieght: 2 } } }',
      '4:38 moderation.rules."seen/flood".wieght: unknown key; did you mean "weight"?',
    ],
    [
      '{ rules: { seen/a: { trusted-since: soon } } }',
      '4:49 moderation.rules."seen/a".trusted-since: expected a day, such as 2026-01-31, got "soon"',
    ],
    [
      '{ exempt: { roles: [truted] } }',
      '4:33 moderation.exempt.roles[0]: expected owner, mod, trusted, room.owner, room.operator or room.member, got "truted"; did you mean "trusted"?',
    ],
    [
      '{ rooms: { indei: {} } }',
      '4:24 warning: moderation.rooms.indei: the room "indei" is not among "rooms"; did you mean "indie"?',
    ],
  ])('%s', (moderation, complaint) => {
    expect(complaints(moderation)).toEqual([`config.yaml:${complaint}`]);
  });

  it('names like those that every object has are names like others', () => {
    expect(read('{ rooms: { constructor: {} }, rules: { seen/constructor: {} } }').rooms).toHaveProperty(
      'constructor',
    );
  });

  it('never throws, whatever stands there', () => {
    const value = fc.oneof(
      fc.constantFrom('', 'live', '1', 'x', '{}', '[]', 'null', 'true', '1e9', '"a: b"'),
      fc.string(),
    );
    const key = fc.constantFrom(
      'mode',
      'ladder',
      'decay',
      'rooms',
      'rules',
      'staff',
      'exempt',
      'caps',
      'keep',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(key, value), { maxLength: 4 }), (entries) => {
        const lines = entries.map(([name, text]) => `  ${name}: ${text.replaceAll('\n', ' ')}`);
        expect(() => load(`\n${lines.join('\n')}`)).not.toThrow();
      }),
    );
  });
});
