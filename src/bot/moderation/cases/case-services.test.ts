import { afterEach, describe, expect, it } from 'vitest';
import type { Sanction } from '../../../plugins/api/cases.ts';
import { type BenchOptions, LIVE, ModerationBench } from '../bench.test-support.ts';

let bench: ModerationBench;

async function start(options: BenchOptions = {}) {
  bench = await ModerationBench.start({ moderation: { ...LIVE, ladder: LADDER, merge: '1s' }, ...options });
  return { t: bench, cases: bench.moderation.cases };
}

afterEach(() => bench.stop());

const LADDER = { 1: 'note', 2: 'warn', 5: 'ignore:1h', 6: 'remove:1h', 20: 'remove' };
const order = (more: Partial<Sanction> = {}): Sanction => ({
  room: 'den',
  user: 'al',
  consequence: 'remove',
  reason: 'enough',
  actor: 'meg',
  ...more,
});

describe('what people command', () => {
  it('is done whatever the mode, with evidence and record as a rule has it', async () => {
    const { t, cases } = await start({ moderation: { mode: 'shadow' } });
    await t.say('den', 'al', 'first');
    await t.say('den', 'bob', 'second');
    const { ok, message, case: of } = await cases.sanction('p', order({ forMs: 3_600_000 }));
    expect({ ok, message }).toEqual({ ok: true, message: 'al: removed until 2026-01-01 01:00 UTC (case 1)' });
    expect(of).toMatchObject({
      consequence: 'remove:1h',
      wanted: 'remove:1h',
      actor: 'meg',
      reason: 'enough',
      points: 0,
      state: 'done',
      lines: [
        { user: 'al', text: 'first' },
        { user: 'bob', text: 'second' },
      ],
    });
    expect(of.rule).toBeUndefined();
    expect(of.log.map(({ what, actor }) => `${what} ${actor}`)).toEqual(['commanded meg', 'done bot']);
  });

  it.each([
    ['me', 'me: not done: me is my owner: nothing happens to owners (case 1)'],
    ['meg', 'meg: not done: meg is one of the staff: nothing happens to staff (case 1)'],
    ['bot', 'bot: not done: bot is the bot itself: nothing happens to it (case 1)'],
    ['olga', 'olga: not done: olga is the owner of den: nothing happens to them (case 1)'],
    ['otto', 'otto: not done: otto is an operator of den: nothing happens to operators (case 1)'],
    [
      'tom',
      'tom: not done: tom is exempt by config.yaml (moderation.exempt): nothing happens to them (case 1)',
    ],
  ])('never concerns %s', async (user, message) => {
    const { t, cases } = await start({ moderation: { exempt: { users: ['tom'] } } });
    expect(await cases.sanction('p', order({ user }))).toMatchObject({ ok: false, message });
    expect(t.deeds).toEqual([]);
  });

  it('that cannot work says why', async () => {
    const { t, cases } = await start();
    const message = 'al: not done: indie is a public room: nobody can remove anyone here (case 1)';
    expect(await cases.sanction('p', order({ room: 'indie' }))).toMatchObject({ ok: false, message });
    const nowhere = await cases.sanction('p', order({ room: 'lair' }));
    expect(nowhere.message).toBe('al: not done: I am not in lair now, so nothing can be done there (case 2)');
    expect(t.deeds).toEqual([]);
  });

  it.each([
    [{ consequence: 'wran' }, 'expected note, report, warn, warn-room, ignore, remove or PLUGIN/ACTION'],
    [{ consequence: 'warn', forMs: 3_600_000 }, 'warn takes no time'],
    [{ forMs: 5 }, 'forMs must be from a minute to 366 days'],
    [{ forMs: 1.5e6 + 0.5 }, 'forMs must be from a minute to 366 days'],
    [{ user: '' }, 'user must be a text of 1 to 64 characters'],
    [{ reason: '  ' }, 'reason must be a text that is not empty'],
    [{ consequence: 7 as never }, 'consequence must be a text'],
  ])('%j is refused', async (more, message) => {
    const { cases } = await start();
    await expect(cases.sanction('p', order(more))).rejects.toMatchObject({
      code: 'invalid',
      message: `bot.cases: ${message}`,
    });
  });
});

describe('taking back', () => {
  it('undo invites again, and answers again; points stay', async () => {
    const { t, cases } = await start();
    await t.say('den', 'al', 'bad 6');
    await t.say('den', 'bob', 'bad 5');
    expect(await cases.undo('p', 1, 'meg', 'a mistake')).toMatchObject({
      ok: true,
      case: { state: 'undone' },
      message: 'case 1 (al) is taken back: al is invited to den again',
    });
    expect(t.done.slice(-2)).toEqual(['unban den al', 'invite den al']);
    await cases.undo('p', 2, 'meg');
    expect((await cases.strikes('p', 'al')).map(({ points }) => points)).toEqual([6]);
    expect(await cases.undo('p', 1, 'meg')).toMatchObject({
      ok: false,
      message: 'case 1 is undone: there is nothing to take back',
    });
    await expect(cases.undo('p', 9, 'meg')).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no case 9',
    });
  });

  it('pardon also takes the points away', async () => {
    const { t, cases } = await start();
    await t.say('den', 'al', 'bad 2');
    await t.clock.advance(60_000);
    await t.say('den', 'al', 'bad 4');
    expect(await cases.pardon('p', 2, 'meg')).toMatchObject({ ok: true, case: { state: 'pardoned' } });
    const [strikes] = await cases.strikes('p', 'al', 'den');
    expect(strikes).toMatchObject({ room: 'den', user: 'al', points: 2, next: 'ignore:1h' });
    expect(await cases.pardon('p', 2, 'meg')).toMatchObject({ ok: false });
  });

  it('what is taken back while it is done does not stay done', async () => {
    const { t, cases } = await start();
    let finish = () => {};
    t.removal = (room, user) =>
      new Promise((resolve) => {
        finish = () => {
          t.loseMember(room, user);
          resolve({ state: 'confirmed' });
        };
      });
    const removing = cases.sanction('p', order());
    await t.clock.advance(10);
    expect(await cases.undo('p', 1, 'meg')).toMatchObject({ ok: true });
    finish();
    await removing;
    // The first came before they were out.
    expect(t.done.filter((deed) => deed === 'invite den al')).toHaveLength(2);
    expect(t.done.at(-1)).toBe('invite den al');
    expect((await cases.get('p', 1))?.state).toBe('undone');
  });
});

describe('ignoring', () => {
  it('stops commands, but never what people have a right to; and ends', async () => {
    const { t } = await start();
    const ran: string[] = [];
    const handle = t.moderation.attending(
      (text) => /^!(\w+)/.exec(text)?.[1],
      async ({ user, text }) => {
        ran.push(`${user} ${text}`);
        return 'ran';
      },
    );
    const line = (user: string, text: string, room?: string) =>
      handle({
        id: 'm',
        user,
        text,
        at: 0,
        replayed: false,
        redelivered: false,
        ...(room !== undefined && { room: { name: room, private: true, standing: 'operator' as const } }),
      });
    await t.say('den', 'al', 'bad 5');
    expect(await line('al', '!ping', 'den')).toBe('ignored');
    expect(await line('al', '!ping')).toBe('ignored');
    expect(await line('al', '!appeal 1 x', 'den')).toBe('ignored');
    expect(await line('al', '!appeal 1 x')).toBe('ran');
    expect(await line('al', '!mydata')).toBe('ran');
    expect(await line('al', 'hello', 'den')).toBe('ran');
    expect(await line('Al', '!ping', 'den')).toBe('ran');
    await t.clock.advance(3_600_001);
    expect(await line('al', '!ping', 'den')).toBe('ran');
  });
});

describe('appeals', () => {
  it('are made once, by whom it is about, and answered', async () => {
    const { t, cases } = await start();
    await t.say('den', 'al', 'bad 2');
    await expect(cases.appeal('p', 1, 'bob', 'me!')).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no case 1 about bob',
    });
    expect(await cases.answerAppeal('p', 1, 'meg', 'grant')).toMatchObject({
      ok: false,
      message: 'there is no open appeal against case 1',
    });
    expect(await cases.appeal('p', 1, 'al', 'it was a quote')).toMatchObject({
      ok: true,
      message: 'your appeal against case 1 is with the staff',
      case: { appeal: { state: 'open', text: 'it was a quote' } },
    });
    expect(t.notices.at(-1)).toMatchObject({ key: 'moderation appeal-1' });
    expect(await cases.appeal('p', 1, 'al', 'again')).toMatchObject({ ok: false });
    expect(await cases.answerAppeal('p', 1, 'meg', 'reject', 'it was not')).toMatchObject({
      ok: true,
      case: { state: 'done', appeal: { state: 'rejected' } },
    });
    expect(t.deeds.at(-1)?.text).toBe('Your appeal against case 1 was rejected: it was not.');
  });

  it('granted, it does not count any more, and counts against the rule, which goes back to shadow', async () => {
    const { t, cases } = await start({
      moderation: { ...LIVE, ladder: LADDER, merge: '1s', overturned: { count: 2, of: 3 } },
    });
    for (const [index, user] of ['al', 'bob', 'x'].entries()) {
      await t.say('den', user, 'bad 2');
      await cases.appeal('p', index + 1, user, 'no');
      if (index > 0) await cases.answerAppeal('p', index + 1, 'meg', 'grant');
    }
    expect(await cases.get('p', 2)).toMatchObject({ state: 'pardoned', appeal: { state: 'granted' } });
    expect(await cases.power('p', 'den')).toMatchObject([
      { rules: [{ rule: 'police/bad', mode: 'shadow', cases: 3, overturned: 2 }] },
    ]);
    expect(t.notices.at(-1)?.title).toBe(
      'police/bad is in shadow again: 2 of its last 3 cases were overturned',
    );
    await t.say('den', 'y', 'bad 2');
    expect(await cases.get('p', 4)).toMatchObject({ mode: 'shadow', state: 'noted' });
    // A person may only appeal against what they have heard of.
    await expect(cases.appeal('p', 4, 'y', 'x')).rejects.toMatchObject({ code: 'not-found' });
    // Another version starts anew.
    t.addRule('bad', { version: '2' }, () => ({ points: 2, reason: 'new' }));
    await t.say('den', 'z', 'bad 2');
    expect(await cases.get('p', 5)).toMatchObject({ mode: 'live', ruleVersion: '2' });
  });

  it('too late', async () => {
    const { t, cases } = await start();
    await t.say('den', 'al', 'bad 2');
    await t.clock.advance(31 * 86_400_000);
    expect(await cases.appeal('p', 1, 'al', 'x')).toMatchObject({
      ok: false,
      message: 'case 1 is too old for an appeal',
    });
  });
});

describe('looking', () => {
  it('lists, notes, and exports with the lines around', async () => {
    const { t, cases } = await start();
    await t.say('den', 'bob', 'before');
    await t.clock.advance(1_000);
    await t.say('den', 'al', 'bad 2 \u0000 x');
    await t.clock.advance(1_000);
    await t.say('den', 'bob', 'after');
    expect(await cases.list('p', { user: 'al', rule: 'police/bad', state: ['done'] })).toHaveLength(1);
    expect(await cases.list('p', { user: 'Al' })).toEqual([]);
    await expect(cases.list('p', { limit: 0 })).rejects.toMatchObject({ code: 'invalid' });
    expect((await cases.note('p', 1, 'meg', 'seen')).log.at(-1)).toMatchObject({
      what: 'note',
      actor: 'meg',
      detail: 'seen',
    });
    const text = await cases.export('p', {}, 'text');
    expect(text).toContain('Case 1: al in den');
    expect(text).toContain('<bob> before');
    expect(text).toContain('<bob> after');
    const bundle = JSON.parse(await cases.export('p', {}, 'json')) as { bundle: string; cases: unknown[] };
    expect(bundle).toMatchObject({
      bundle: 'seekeeper-cases',
      version: 1,
      bot: 'bot',
      cases: [{ id: 1, user: 'al', around: [{}, { text: 'bad 2 \u0000 x' }, { text: 'after' }] }],
    });
  });

  it('says what could be done in each room', async () => {
    const { cases } = await start();
    const [indie, den, mine] = await cases.power('p');
    expect(indie).toMatchObject({
      power: 'public',
      summary: 'indie is a public room: nobody can remove anyone here',
    });
    expect(indie?.ladder.at(-1)).toEqual({
      points: 20,
      wanted: 'remove',
      possible: 'report',
      instead: 'indie is a public room: nobody can remove anyone here',
    });
    expect(den).toMatchObject({ power: 'private-operator' });
    expect(mine).toMatchObject({
      power: 'private-owner',
      ladder: expect.arrayContaining([{ points: 20, wanted: 'remove', possible: 'remove' }]),
    });
  });
});
