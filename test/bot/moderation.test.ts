import { type Case, type CaseQuery, type Cases, definePlugin } from 'seekeeper';
import { type TestBot, type TestBotOptions, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { backTest, type TestedCase } from '../../src/bot/moderation/back-test/back-test.ts';
import { collectRules } from '../../src/bot/moderation/back-test/collect-rules.ts';
import type { JournalEntry } from '../../src/bot/store/journal.ts';
import { moderationOf } from '../../src/testing/moderation.ts';

let current: TestBot | undefined;
/** Of the plugin that runs. */
let api: Cases;
/** Commands that ran and lines that handlers heard. */
let order: string[] = [];

afterEach(async () => {
  order = [];
  await current?.dispose();
});

/** Objects to `bad N` with N points, and to a third newcomer within a minute. */
const police = definePlugin({
  name: 'police',
  needs: ['room.read', 'room.say', 'moderate'],
  setup(bot) {
    api = bot.cases;
    bot.rule({
      id: 'bad',
      summary: 'Says bad',
      version: '2',
      window: { within: '10m', lines: 50 },
      check({ user, text }: { readonly user: string; readonly text: string }, { recent, linesBefore }) {
        order.push(`rule ${user} ${text}`);
        const points = /^bad ([\d.]+)/.exec(text)?.[1];
        if (points === undefined) return null;
        const reason = `bad after ${recent.length} lines, ${linesBefore} own`;
        return { points: Number(points), reason, evidence: text };
      },
    });
    bot.rule({
      id: 'wave',
      on: 'join',
      summary: 'Too many come',
      window: { within: '1m' },
      check: ({ stats }, { joins, staff }) =>
        joins.length >= 2 ? { points: 1, reason: `${joins.length}, ${stats.files}, ${staff.join()}` } : null,
    });
    bot.command({
      name: 'ping',
      summary: 'Answers',
      run: ({ user }) => {
        order.push(`command ${user}`);
        return 'pong';
      },
    });
    bot.on('room.message', ({ user, text }) => void order.push(`heard ${user} ${text}`));
  },
});

const rooms = [
  'indie',
  { name: 'den', owner: 'olga', members: ['al', 'bob'], operators: ['seekeeper', 'otto'] },
  { name: 'mine', owner: 'seekeeper', members: ['al', 'bob', 'otto'], operators: ['otto'] },
  { name: 'club', owner: 'olga', members: ['seekeeper', 'al'] },
];
const roles = { owner: ['me'], mod: ['meg'] };
const LIVE = {
  rules: { 'police/bad': { mode: 'live' } },
  ladder: { 1: 'warn', 3: 'warn-room', 5: 'remove:1h', 20: 'remove' },
  merge: '1s',
};

async function start(moderation: unknown, more: TestBotOptions = {}): Promise<TestBot> {
  current = await testBot(police, { mode: 'inproc', rooms, moderation, roles, ...more });
  return current;
}

const cases = (t: TestBot, query?: CaseQuery): Promise<readonly Case[]> => t.sandbox.run(api.list(query));
const members = (t: TestBot, room: string) => t.sandbox.server.world.room(room)?.members;

describe('rules lead to what the room permits', () => {
  it('warns, then reports what cannot be done in a public room', async () => {
    const t = await start(LIVE);
    await t.say('al', 'indie', 'hello');
    await t.say('al', 'indie', 'bad 2');
    expect(t.private('al')).toEqual([
      'indie: bad after 1 lines, 1 own. Please stop, this is a warning (case 1). If that is wrong, write to me: appeal 1 and why.',
    ]);
    await t.advance('2m');
    await t.say('al', 'indie', 'bad 4');
    const [second, first] = await cases(t);
    expect(first).toMatchObject({
      id: 1,
      state: 'done',
      mode: 'live',
      consequence: 'warn',
      ruleVersion: '2',
    });
    expect(second).toMatchObject({ id: 2, wanted: 'remove:1h', consequence: 'report', state: 'done' });
    expect(second?.instead).toBe('indie is a public room: nobody can remove anyone here');
    expect(t.private('meg').join()).toContain('#2 indie: al, bad after 2 lines');
    expect(t.private('me').join()).toContain('#2 indie: al, bad after 2 lines');
  });

  it.each(['den', 'mine'])('removes for a time in %s, and invites again when that is over', async (room) => {
    const t = await start(LIVE);
    await t.say('al', room, 'bad 6');
    expect(members(t, room)).not.toContain('al');
    const [of] = await cases(t, { room });
    expect(of).toMatchObject({ state: 'done', consequence: 'remove:1h', actor: 'rule' });
    expect(of?.until).toBe((of?.at ?? 0) + 3_600_000);
    expect(t.private('al').join()).toContain(`You were removed from ${room} until 2026-01-01 01:0`);
    await t.downtime('30m', 'kill');
    expect(members(t, room)).not.toContain('al');
    await t.advance('31m');
    expect(members(t, room)).toContain('al');
  });

  it('as a plain member it reports; the warning in the room is a line there', async () => {
    const t = await start(LIVE);
    await t.say('al', 'club', 'bad 6');
    expect(members(t, 'club')).toContain('al');
    expect((await cases(t))[0]).toMatchObject({
      consequence: 'report',
      instead: 'I am a plain member of the private room club: only its owner and operators can remove anyone',
    });
    await t.say('al', 'mine', 'bad 3');
    expect(t.text('mine')).toEqual(['al: bad after 0 lines, 0 own. Please stop (case 2).']);
  });

  it('never touches staff, operators, owners, or itself', async () => {
    const t = await start({ ...LIVE, rules: { ...LIVE.rules, 'police/wave': { mode: 'off' } } });
    for (const [user, room] of [
      ['me', 'indie'],
      ['meg', 'indie'],
      ['otto', 'mine'],
      ['otto', 'den'],
      ['olga', 'den'],
    ] as const)
      await t.say(user, room, 'bad 50');
    expect(await cases(t)).toEqual([]);
    await t.say('otto', 'indie', 'bad 50');
    expect((await cases(t)).map(({ user }) => user)).toEqual(['otto']);
  });

  it('judges a line before its command runs and before anybody else hears of it', async () => {
    const t = await start({ ...LIVE, ladder: { 1: 'ignore' } });
    await t.say('al', 'indie', '!ping');
    expect(order).toEqual(['rule al !ping', 'command al', 'heard al !ping']);
    order = [];
    await t.say('al', 'indie', 'bad 1');
    await t.say('al', 'indie', '!ping');
    expect(order).toEqual(['rule al bad 1', 'heard al bad 1', 'rule al !ping', 'heard al !ping']);
    expect((await t.why({ user: 'al' })).map(({ what, reason }) => `${what}: ${reason}`)).toEqual([
      'run !ping: al is ignored (case 1)',
    ]);
    await t.sandbox.run(api.undo(1, 'meg'));
    await t.say('al', 'indie', '!ping');
    expect(order.at(-2)).toBe('command al');
  });

  it('judges who comes, by what the server says of them', async () => {
    const t = await start({ rules: { 'police/wave': { mode: 'live' } } });
    for (const user of ['n1', 'n2', 'n3']) await t.join(user, 'indie');
    expect((await cases(t)).map(({ user, rule, reason }) => `${user} ${rule} ${reason}`)).toEqual([
      'n3 police/wave 2, 0, me,meg',
    ]);
  });
});

describe('power', () => {
  it('is found out in every room, and kept current', async () => {
    const t = await start({}, { rooms: [...rooms, { name: 'vault', owner: 'olga' }] });
    const powers = async () =>
      Object.fromEntries((await t.sandbox.run(api.power())).map(({ room, power }) => [room, power]));
    expect(await powers()).toEqual({
      indie: 'public',
      den: 'private-operator',
      mine: 'private-owner',
      club: 'private-member',
      vault: 'private-member',
    });
    const olga = await t.person('olga');
    olga.send({ type: 'AddRoomOperator', room: 'club', username: 'seekeeper' });
    olga.send({ type: 'RemoveRoomMember', room: 'vault', username: 'seekeeper' });
    await t.settle();
    expect(await powers()).toMatchObject({ club: 'private-operator', vault: 'absent' });
  });
});

describe('what staff decide', () => {
  it('a suggestion is done when staff say yes, and lapses when nobody says anything', async () => {
    const t = await start({ ...LIVE, mode: 'suggest' });
    await t.say('al', 'den', 'bad 6');
    await t.say('bob', 'den', 'bad 6');
    expect(members(t, 'den')).toContain('al');
    expect(t.private('meg').join()).toContain('!yes 1 or !no 1');
    const yes = await t.sandbox.run(api.decide(1, 'meg', 'yes'));
    expect(yes).toMatchObject({ ok: true, case: { state: 'done' } });
    expect(members(t, 'den')).not.toContain('al');
    await t.downtime('13h');
    expect((await cases(t)).map(({ state }) => state)).toEqual(['lapsed', 'done']);
    expect(members(t, 'den')).toContain('bob');
  });

  it('undo brings somebody back', async () => {
    const t = await start(LIVE);
    await t.say('al', 'mine', 'bad 30');
    expect(members(t, 'mine')).not.toContain('al');
    expect(await t.sandbox.run(api.undo(1, 'meg'))).toMatchObject({ ok: true });
    await t.settle();
    expect(members(t, 'mine')).toContain('al');
  });
});

describe('two who moderate one room', () => {
  it('what the other one has done counts as done', async () => {
    const t = await start(LIVE);
    const al = await t.person('al');
    const otto = await t.person('otto');
    await t.join('al', 'den');
    al.say('den', 'bad 30');
    otto.send({ type: 'RemoveRoomMember', room: 'den', username: 'al' });
    await t.settle();
    await t.advance('1m');
    const own = (await cases(t)).filter(({ actor }) => actor === 'rule');
    expect(own.map(({ state }) => state)).toEqual(['done']);
    expect(members(t, 'den')).not.toContain('al');
  });

  it('a removal by somebody else is noted', async () => {
    const t = await start({});
    (await t.person('otto')).send({ type: 'RemoveRoomMember', room: 'den', username: 'bob' });
    await t.settle();
    expect((await cases(t)).map(({ user, actor, state }) => `${user} ${actor} ${state}`)).toEqual([
      'bob unknown operator done',
    ]);
  });
});

describe('personal data', () => {
  it('tells of cases, and keeps them as long as they are kept', async () => {
    const t = await start({ ...LIVE, keep: '2d' });
    await t.say('al', 'indie', 'bad 2');
    await t.pm('al', '!mydata');
    expect(t.private('al').join('\n')).toContain('core: cases of moderation (1)');
    await t.pm('al', '!forgetme');
    await t.advance('10s');
    await t.pm('al', '!forgetme yes');
    await t.advance('10s');
    expect(t.private('al').join('\n')).toContain('1 case is kept for 2d, and then deleted');
    expect(await cases(t, { user: 'al' })).toHaveLength(1);
    await t.advance('50h');
    expect(await cases(t, { user: 'al' })).toEqual([]);
  });
});

describe('a back-test', () => {
  it('gives from the journal what the live run had', async () => {
    const moderation = { ...LIVE, 'new-rules': 'live', caps: { removals: 100, warnings: 100 } };
    const t = await start(moderation);
    for (const [user, room, text] of [
      ['al', 'indie', 'bad 2'],
      ['bob', 'mine', 'hello'],
      ['al', 'indie', 'bad 1'],
      ['otto', 'mine', 'bad 9'],
      ['bob', 'mine', 'bad 7'],
      ['meg', 'indie', 'bad 9'],
      ['n1', 'indie', 'x'],
      ['n2', 'indie', 'y'],
      ['al', 'indie', 'bad 4'],
    ] as const) {
      await t.say(user, room, text);
      await t.advance('5s');
    }
    await t.downtime('10m', 'kill');
    await t.say('al', 'indie', 'bad 3');
    await t.advance('10s');
    const live = (await cases(t)).toReversed().filter(({ actor }) => actor === 'rule');
    const rows = await t.database('select * from journal order by seq');
    const config = {
      roles: { ...roles, trusted: [] },
      moderation: moderationOf(moderation, {
        rooms: rooms.map((room) => (typeof room === 'string' ? room : room.name)),
        plugins: ['police'],
      }),
    };
    const collected = await t.sandbox.run(
      collectRules({
        self: t.user,
        plugins: [{ id: 'police', use: { plugin: police }, config: {}, runtime: { kind: 'inproc' } }],
        baseDir: '/',
        clock: t.sandbox.world.clock,
      }),
    );
    const tested: TestedCase[] = [];
    const report = await t.sandbox.run(
      backTest({
        self: t.user,
        config,
        entries: entriesOf(rows),
        rules: collected.rules,
        actions: collected.actions,
        since: 0,
        onCase: (of) => tested.push(of),
      }),
    );
    const short = ({ room, user, at, total, wanted }: Case | TestedCase) => [room, user, at, total, wanted];
    expect(live.length).toBeGreaterThan(5);
    expect(tested.map((of) => [...short(of), of.objection.rule, of.objection.reason])).toEqual(
      live.map((of) => [...short(of), of.rule, of.reason]),
    );
    expect(report.rules.map(({ rule, staff }) => `${rule} ${staff}`)).toEqual([
      'police/bad 2',
      'police/wave 0',
    ]);
    await collected.close();
  });
});

interface JournalRow {
  readonly at: number;
  readonly kind: JournalEntry['kind'];
  readonly room: string | null;
  readonly person: string | null;
  readonly body: string | null;
  readonly detail: string | null;
}

async function* entriesOf(rows: readonly unknown[]): AsyncGenerator<JournalEntry> {
  for (const { at, kind, room, person, body, detail } of rows as readonly JournalRow[])
    yield {
      at,
      kind,
      ...(room !== null && { room }),
      ...(person !== null && { user: person }),
      ...(body !== null && { text: body }),
      ...(detail !== null && { detail: JSON.parse(detail) as Record<string, unknown> }),
    };
}
