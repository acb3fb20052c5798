import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { definePlugin } from '../../plugins/api/index.ts';
import { formatDiagnostic } from '../config/diagnostic.ts';
import { loadConfig } from '../config/load-config.ts';
import { checkModeration } from './check-moderation.ts';

const builtins = {
  police: definePlugin({
    name: 'police',
    needs: ['moderate', 'room.say'],
    async setup(bot) {
      await bot.store.set('x', 1);
      bot.rule({ id: 'flood', summary: 'Too many lines', check: () => null });
      bot.rule({ id: 'den-only', summary: 'Only there', rooms: ['den'], check: () => null });
      bot.action({ id: 'jail', summary: 'Jails', powers: ['public'], apply() {}, undo() {} });
      bot.command({ name: 'x', summary: 'X', run: () => bot.say('indie', 'x').then(() => 'x') });
      bot.every({ id: 'j', every: '1h' }, () => {});
    },
  }),
  broken: definePlugin({
    name: 'broken',
    needs: ['moderate'],
    setup() {
      throw new Error('no way');
    },
  }),
  other: definePlugin({
    name: 'other',
    setup() {
      throw new Error('never set up here');
    },
  }),
};

async function check(text: string) {
  const loaded = loadConfig({
    path: 'config.yaml',
    text: `bot: { user: keeper, password: { env: PW } }\nrooms: [indie, { name: den, private: true }]\n${text}`,
    env: { PW: 'x' },
  });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
  const { config, source } = loaded;
  const { lines, diagnostics } = await checkModeration({
    config,
    source,
    baseDir: '/',
    clock: new VirtualClock(),
    builtins,
  });
  return { lines, diagnostics: diagnostics.map(formatDiagnostic) };
}

it('says what each rule could do in each room', async () => {
  const { lines, diagnostics } = await check(`
plugins: { police: , other: }
moderation:
  ladder: { 1: note, 3: police/jail, 5: 'remove:1h', 9: remove }
  rules: { police/flood: { mode: live, at-most: 'remove:1h' } }
  rooms: { indie: { mode: suggest } }`);
  expect(diagnostics).toEqual([]);
  expect(lines).toEqual([
    'indie is a public room as far as the config says: nobody can remove anyone there',
    '  points 1 note, 3 police/jail, 5 report (for remove:1h), 9 report (for remove)',
    '  police/flood (suggest, at most remove:1h): Too many lines',
    'den is a private room: what the bot may do there shows when it is inside',
    '  as its owner or an operator: points 1 note, 3 report (for police/jail), 5 remove:1h, 9 remove',
    '  as a plain member: points 1 note, 3 report (for police/jail), 5 report (for remove:1h), 9 report (for remove)',
    '  police/den-only (shadow): Only there',
    '  police/flood (live, at most remove:1h): Too many lines',
  ]);
});

it('warns of rules and consequences that nobody adds, and of plugins that cannot be set up', async () => {
  const { diagnostics } = await check(`plugins: { police: , broken: }
moderation:
  ladder: { 1: police/jial }
  rules: { police/floood: {}, broken/x: {} }
  rooms: { den: { ladder: { 2: police/nope }, rules: { police/den-olny: {} } } }`);
  expect(diagnostics).toEqual([
    'config.yaml:6:12 warning: moderation.rules."police/floood": no plugin adds this rule; did you mean "police/flood"?',
    'config.yaml:5:16 warning: moderation.ladder.1: no plugin adds this consequence; staff are told instead',
    'config.yaml:7:56 warning: moderation.rooms.den.rules."police/den-olny": no plugin adds this rule; did you mean "police/den-only"?',
    'config.yaml:7:32 warning: moderation.rooms.den.ladder.2: no plugin adds this consequence; staff are told instead',
    expect.stringMatching(
      /^config.yaml:3:22 warning: plugins.broken: its rules could not be looked at: .*no way/,
    ),
  ]);
});

it('warns of a room of staff that everybody may read', async () => {
  const { diagnostics } = await check('moderation: { staff: { room: indie } }');
  expect(diagnostics).toEqual([
    expect.stringMatching(/^config.yaml:3:\d+ warning: moderation.staff.room: indie is not private/),
  ]);
  expect((await check('moderation: { staff: { room: den } }')).diagnostics).toEqual([]);
});

it('says nothing when there are no rules', async () => {
  expect(await check('plugins: { other: }')).toEqual({ lines: [], diagnostics: [] });
});
