import { arg, definePlugin } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

const tools = definePlugin({
  name: 'tools',
  needs: ['room.say', 'room.read', 'pm.send', 'search.run'],
  setup(bot) {
    bot.command({
      name: 'roll',
      summary: 'Rolls',
      cooldown: { user: 20_000 },
      run: () => 'four',
    });
    bot.command({ name: 'secret', summary: 'For mods', allow: ['mod'], run: () => 'yes' });
    bot.command({ name: 'count', summary: 'Counts', args: { to: arg.int() }, run: () => 'done' });
    bot.command({
      name: 'skip',
      summary: 'Decides not to',
      run: async ({ user, room }) =>
        bot.why({ what: 'announce', reason: 'too late at night', user, ...(room && { room: room.name }) }),
    });
    bot.command({
      name: 'wide',
      summary: 'Says the same everywhere',
      run: async () => {
        await bot.say('indie', 'the same again');
        await bot.say('indie', 'the same again');
      },
    });
  },
});

let t: Awaited<ReturnType<typeof testBot>>;
afterEach(() => t.dispose());

const decisions = () => t.bot.decisions({ limit: 100 });

describe('why', () => {
  it('tells whoever asks in private why there was no answer, and others nothing about them', async () => {
    t = await testBot(tools, { roles: { mod: ['meg'] } });
    await t.say('al', 'indie', '!roll');
    await t.advance('2s');
    await t.say('al', 'indie', '!roll');
    await t.say('al', 'indie', '!why');
    expect(t.text('indie')).toEqual(['four']);
    expect(t.private('al').at(-1)).toMatch(
      /^w\w{4}: \d+s ago I did not run !roll for al in indie \(tools\): its cooldown lasts 18 s more$/,
    );
    const id = /^(w\w{4})/.exec(t.private('al').at(-1)!)![1]!;
    await t.say('bo', 'indie', `!why ${id}`);
    expect(t.private('bo').at(-1)).toBe(`I know no decision ${id} about you.`);
    await t.say('bo', 'indie', '!why user al');
    expect(t.private('bo').at(-1)).toBe('Only mods and owners may ask about others.');
    await t.say('meg', 'indie', `!why ${id.toUpperCase()}`);
    expect(t.private('meg').at(-1)).toContain('its cooldown lasts 18 s more');
    await t.pm('meg', 'why user al');
    expect(t.private('meg').at(-1)).toContain('its cooldown lasts 18 s more');
  });

  it('knows roles, unreadable arguments, unknown commands and lost lines, without private text', async () => {
    t = await testBot(tools);
    await t.say('al', 'indie', '!secret');
    await t.pm('al', '!count mydiary');
    await t.pm('al', '!mydiaryagain');
    await t.say('bo', 'indie', '!dance');
    await t.say('bo', 'indie', '!wide');
    await t.advance('2s');
    const found = await decisions();
    expect(found.map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      expect.stringContaining('say a line: the same text went there'),
      'run !dance: there is no command of that name',
      'run a command: there is no command of that name',
      'run !count: what was typed behind it could not be read',
      'run !secret: it needs the role mod',
    ]);
    expect(found[0]).toMatchObject({ plugin: 'tools', room: 'indie', user: 'bo', source: 'lines' });
    expect(JSON.stringify(await t.database('select * from decision'))).not.toContain('mydiary');
  });

  it('is told by plugins, and outlives a crash', async () => {
    t = await testBot(tools);
    await t.say('al', 'indie', '!skip');
    const id = t.text('indie').at(-1)!;
    await t.advance('2s');
    await t.kill();
    await t.start();
    await t.say('al', 'indie', '!secret');
    const found = await decisions();
    expect(found.map((decision) => decision.what)).toEqual(['run !secret', 'announce']);
    expect(found[1]).toMatchObject({
      id,
      source: 'plugin',
      plugin: 'tools',
      user: 'al',
      reason: 'too late at night',
    });
    expect(found[0]!.id).not.toBe(id);
  });

  it('says why a search never ran, and not what was searched for', async () => {
    const finder = definePlugin({
      name: 'finder',
      needs: ['search.run'],
      setup(bot) {
        bot.command({
          name: 'find',
          summary: 'Finds',
          args: { query: arg.text() },
          run: async ({ args }) => {
            for await (const _ of bot.search({ query: args.query })) return 'found';
            return 'nothing';
          },
        });
      },
    });
    t = await testBot(finder);
    await t.pm('al', '!find a');
    await t.pm('al', '!find -secretword');
    const found = (await decisions()).filter(({ source }) => source === 'searches');
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain('secretword');
  });
});

describe('owners', () => {
  it('are told of a ban when it is over, once', async () => {
    t = await testBot(tools, { roles: { owner: ['me'] }, notify: true });
    await t.person('me');
    await t.ban(30);
    await t.advance('5m');
    expect(t.private('me')).toEqual([]);
    await t.advance('40m');
    expect(t.private('me')).toEqual([
      expect.stringMatching(/^The server banned me at 2026-01-01T00:0\d.*Z, until /),
    ]);
  });
});

it('knows which runs of a job were left out', async () => {
  const busy = definePlugin({
    name: 'busy',
    setup(bot) {
      bot.schedule({ id: 'daily', cron: '0 12 * * *', misfire: 'skip' }, () => {});
    },
  });
  t = await testBot(busy, { at: '2026-01-01T11:00:00Z' });
  await t.downtime('2h');
  await t.advance('1m');
  const [left] = (await decisions()).filter(({ source }) => source === 'jobs');
  expect(left).toMatchObject({ what: 'run job daily', plugin: 'busy' });
  expect(left?.reason).toContain('2026-01-01T12:00:00.000Z');
});
