import { afterEach, describe, expect, it } from 'vitest';
import { PluginError } from '../../plugins/api/errors.ts';
import { type BenchOptions, bad, LIVE, ModerationBench } from './bench.test-support.ts';

let bench: ModerationBench;

async function start(options: BenchOptions = {}): Promise<ModerationBench> {
  bench = await ModerationBench.start(options);
  return bench;
}

afterEach(() => bench.stop());

const LADDER = {
  1: 'note',
  2: 'warn',
  3: 'warn-room',
  4: 'report',
  5: 'ignore:1h',
  6: 'remove:1h',
  9: 'remove',
};
const live = { ...LIVE, ladder: LADDER, merge: '1s' };

describe('what follows', () => {
  it.each([
    [1, 'noted', []],
    [2, 'done', ['pm al']],
    [3, 'done', ['say den']],
    [4, 'done', []],
    [5, 'done', ['pm al']],
    [6, 'done', ['removeFor 1 until 1767229200000 den al', 'pm al']],
    [9, 'done', ['ban 1 den al', 'pm al']],
  ])('of %d points', async (points, state, deeds) => {
    const t = await start({ moderation: live });
    await t.say('den', 'al', `bad ${points}`);
    expect(t.done).toEqual(deeds);
    expect(await t.store.cases.get(1)).toMatchObject({
      state,
      points,
      total: points,
      user: 'al',
      room: 'den',
    });
    expect(t.notices.map(({ key }) => key)).toEqual(points === 4 ? ['moderation case-1'] : []);
  });

  it('climbs the ladder with what somebody has, and forgives with time', async () => {
    const t = await start({ moderation: { ...live, decay: '1/1h' } });
    const totals: number[] = [];
    for (const wait of [0, 60_000, 3_600_000, 3 * 3_600_000]) {
      await t.clock.advance(wait);
      await t.say('den', 'al', 'bad 2');
      totals.push((await t.store.cases.list())[0]!.total);
    }
    expect(totals).toEqual([2, 4, 5, 4]);
  });

  it('keeps rooms and people apart, exactly', async () => {
    const t = await start({ moderation: live });
    for (const [room, user] of [
      ['den', 'al'],
      ['mine', 'al'],
      ['den', 'Al'],
    ] as const)
      await t.say(room, user, 'bad 2');
    expect((await t.store.cases.list()).map(({ total }) => total)).toEqual([2, 2, 2]);
  });

  it('in a public room nobody is removed, and the case says so', async () => {
    const t = await start({ moderation: live });
    await t.say('indie', 'al', 'bad 6');
    expect(await t.store.cases.get(1)).toMatchObject({
      wanted: 'remove:1h',
      consequence: 'report',
      instead: 'indie is a public room: nobody can remove anyone here',
      state: 'done',
    });
  });

  it('one line is one case, by what is worst of it; what else was said is in the log', async () => {
    const t = await start({
      moderation: { ...live, rules: { 'police/a': { mode: 'live' }, 'police/b': { mode: 'live' } } },
      rules: { a: bad, b: { check: () => ({ points: 3, reason: 'always' }) } },
    });
    await t.say('den', 'al', 'bad 2');
    const [one, ...more] = await t.store.cases.list();
    expect(more).toEqual([]);
    expect(one).toMatchObject({ rule: 'police/b', points: 3, total: 3 });
    expect(one?.log[0]).toMatchObject({ what: 'also', detail: 'police/a: bad 2 (2 points, not counted)' });
  });

  it('one flood is one case for a minute; what is worse is one of its own', async () => {
    const t = await start({ moderation: { ...live, merge: '1m' } });
    for (let line = 0; line < 12; line++) {
      await t.say('den', 'al', 'bad 2');
      await t.clock.advance(1_000);
    }
    await t.say('den', 'al', 'bad 3');
    await t.clock.advance(62_000);
    await t.say('den', 'al', 'bad 2');
    const cases = (await t.store.cases.list()).toReversed();
    expect(cases.map(({ points }) => points)).toEqual([2, 3, 2]);
    expect(
      cases[0]?.log.filter(({ what }) => what === 'again').map(({ detail }) => detail?.split(',')[0]),
    ).toEqual(['once more by now', '2 times more by now', '5 times more by now', '10 times more by now']);
  });

  it('is less than the ladder says where a rule has a ceiling', async () => {
    const rules = { 'police/bad': { mode: 'live', 'at-most': 'warn' } };
    const t = await start({ moderation: { ...live, rules } });
    await t.say('den', 'al', 'bad 9');
    expect(await t.store.cases.get(1)).toMatchObject({
      wanted: 'remove',
      consequence: 'warn',
      instead: 'this rule leads to warn at most',
    });
  });

  it('is what a plugin adds, where it works; a name that nobody adds is a report', async () => {
    const t = await start({
      moderation: { ...LIVE, ladder: { 1: 'police/jail', 5: 'police/nowhere' }, merge: '1s' },
    });
    const seen: string[] = [];
    const undo = t.moderation.actions.add(
      'police',
      { id: 'jail', summary: 'Jails', powers: ['private-operator'] },
      async (act, of) => {
        seen.push(`${act} ${of.user}`);
        return act === 'apply' && of.user === 'bob'
          ? { how: 'error', message: 'it is full' }
          : { how: 'done' };
      },
    );
    await t.say('den', 'al', 'bad 1');
    await t.say('den', 'bob', 'bad 1');
    await t.say('indie', 'al', 'bad 1');
    await t.say('den', 'x', 'bad 5');
    expect(seen).toEqual(['apply al', 'apply bob']);
    const [nowhere, indie, bob, al] = await t.store.cases.list();
    expect(al).toMatchObject({ state: 'done', consequence: 'police/jail' });
    expect(bob).toMatchObject({ state: 'failed' });
    expect(bob?.log.at(-1)?.detail).toBe('it is full');
    expect(indie).toMatchObject({
      consequence: 'report',
      instead: expect.stringContaining('is not for such rooms'),
    });
    expect(nowhere).toMatchObject({
      consequence: 'report',
      instead: 'no plugin that runs has the action police/nowhere',
    });
    expect(await t.moderation.cases.undo('p', 1, 'meg')).toMatchObject({ ok: true });
    expect(seen).toContain('undo al');
    undo();
    expect(() =>
      t.moderation.actions.add('police', { id: 'warn', summary: 'x' }, async () => ({ how: 'done' })),
    ).toThrow('the bot has a consequence of that name');
  });
});

describe('modes', () => {
  it('new rules are in shadow: cases, and nothing else', async () => {
    const t = await start({ moderation: { ladder: LADDER } });
    await t.say('den', 'al', 'bad 9');
    expect(await t.store.cases.get(1)).toMatchObject({
      mode: 'shadow',
      state: 'noted',
      consequence: 'remove',
    });
    expect(t.deeds).toEqual([]);
  });

  it('are the most cautious of bot, room and rule; off does not judge', async () => {
    const t = await start({
      moderation: {
        ...LIVE,
        mode: 'suggest',
        rooms: { den: { mode: 'shadow' }, mine: { rules: { 'police/bad': { mode: 'off' } } } },
      },
    });
    for (const room of ['indie', 'den', 'mine']) await t.say(room, 'al', 'bad 3');
    expect((await t.store.cases.list()).map(({ room, mode }) => `${room} ${mode}`)).toEqual([
      'den shadow',
      'indie suggest',
    ]);
  });

  it('what a rule in shadow thinks of somebody is nothing that a live one holds against them', async () => {
    const t = await start({
      moderation: { ...live, merge: '1s', rules: { 'police/a': { mode: 'live' } } },
      rules: {
        a: {
          check: (what) =>
            what.kind === 'line' && what.text === 'a' ? { points: 2, reason: 'a' } : undefined,
        },
        b: {
          check: (what) =>
            what.kind === 'line' && what.text === 'b' ? { points: 9, reason: 'b' } : undefined,
        },
      },
    });
    for (const text of ['b', 'a', 'b']) {
      await t.say('den', 'al', text);
      await t.clock.advance(2_000);
    }
    expect((await t.store.cases.list()).map(({ mode, total }) => `${mode} ${total}`)).toEqual([
      'shadow 20',
      'live 2',
      'shadow 9',
    ]);
  });

  it('suggest asks staff and does what they say', async () => {
    const t = await start({ moderation: { ...live, mode: 'suggest' } });
    await t.say('den', 'al', 'bad 6');
    await t.say('den', 'bob', 'bad 9');
    expect(t.deeds).toEqual([]);
    expect(t.notices.map(({ title }) => title)).toEqual([
      '#1 den: al, bad 6 (police/bad, 6 points, 6 in all). removed until 2026-01-01 01:00 UTC? !yes 1 or !no 1',
      '#2 den: bob, bad 9 (police/bad, 9 points, 9 in all). removed for good? !yes 2 or !no 2',
    ]);
    await t.clock.advance(600_000);
    const yes = await t.moderation.cases.decide('p', 1, 'meg', 'yes');
    expect(yes).toMatchObject({ ok: true, case: { state: 'done', until: t.clock.now() + 3_600_000 } });
    expect(yes.message).toBe('al: removed until 2026-01-01 01:10 UTC (case 1)');
    expect(await t.moderation.cases.decide('p', 2, 'meg', 'no')).toMatchObject({
      ok: true,
      case: { state: 'declined' },
    });
    expect(t.done).toEqual([expect.stringMatching(/^removeFor 1 until/), 'pm al']);
    // Staff said that it was nothing: it counts for nothing.
    await t.clock.advance(2_000);
    await t.say('den', 'bob', 'bad 2');
    expect((await t.store.cases.get(3))?.total).toBe(2);
    expect(await t.moderation.cases.decide('p', 2, 'meg', 'yes')).toMatchObject({
      ok: false,
      message: 'case 2 does not wait for an answer: it is declined',
    });
  });

  it('what nobody answers lapses, also over a restart', async () => {
    const t = await start({ moderation: { ...live, mode: 'suggest', suggest: '2h' } });
    await t.say('den', 'al', 'bad 6');
    await t.clock.advance(2 * 3_600_000 - 1_000);
    expect((await t.store.cases.get(1))?.state).toBe('suggested');
    await t.clock.advance(1_000);
    await t.idle();
    expect((await t.store.cases.get(1))?.state).toBe('lapsed');
    expect(t.deeds).toEqual([]);
  });

  it('beyond the caps of an hour staff are asked, whatever the mode', async () => {
    const t = await start({ moderation: { ...live, caps: { removals: 2, warnings: 1 } } });
    for (const user of ['al', 'bob', 'tom']) await t.say('den', user, 'bad 6');
    for (const user of ['x', 'y']) await t.say('den', user, 'bad 2');
    expect((await t.store.cases.list()).toReversed().map(({ state }) => state)).toEqual([
      'done',
      'done',
      'suggested',
      'done',
      'suggested',
    ]);
    expect((await t.store.cases.get(3))?.log[0]?.detail).toBe(
      '2 removals within an hour are as many as moderation.caps allows',
    );
    await t.clock.advance(3_600_001);
    await t.say('den', 'z', 'bad 2');
    expect((await t.store.cases.get(6))?.state).toBe('done');
  });

  it('halted, no rule does anything until it is resumed; cases go on, and so do people', async () => {
    const t = await start({ moderation: { ...live, mode: 'live' } });
    await t.moderation.cases.halt('p', 'meg', 'it went wild');
    expect(await t.moderation.cases.halted('p')).toMatchObject({ actor: 'meg', reason: 'it went wild' });
    await t.say('den', 'al', 'bad 9');
    expect(await t.store.cases.get(1)).toMatchObject({ state: 'noted', mode: 'live' });
    const order = { room: 'den', user: 'bob', consequence: 'remove', reason: 'x', actor: 'meg' };
    expect(await t.moderation.cases.sanction('p', order)).toMatchObject({
      ok: true,
      message: 'bob: removed for good (case 2)',
    });
    expect(t.done).toEqual(['ban 2 den bob', 'pm bob']);
    await t.moderation.cases.resume('p', 'meg');
    await t.clock.advance(60_000);
    await t.say('den', 'tom', 'bad 2');
    expect(t.done.slice(2)).toEqual(['pm tom']);
  });
});

describe('rules that misbehave', () => {
  it('a rule that hangs holds lines up for a second once, and others go on', async () => {
    let asked = 0;
    const t = await start({
      moderation: { ...live, 'new-rules': 'live', merge: '1s' },
      rules: {
        bad,
        hangs: {
          check: () => {
            asked += 1;
            return new Promise(() => {});
          },
        },
      },
    });
    const before = t.clock.now();
    const judged = t.line('den', 'al', 'bad 2');
    await t.clock.advance(1_000);
    await judged;
    expect(t.clock.now() - before).toBe(1_000);
    const at = t.clock.now();
    for (let line = 0; line < 5; line++) await t.say('den', 'bob', 'bad 2');
    expect(t.clock.now() - at).toBeLessThan(500);
    expect(asked).toBe(1);
    expect((await t.store.cases.list()).map(({ user }) => user)).toEqual(['bob', 'al']);
    expect(t.owners).toEqual(['rule police/hangs']);
  });

  it('a rule that throws is left out for a while after three times', async () => {
    let asked = 0;
    const t = await start({
      moderation: { ...live, 'new-rules': 'live', merge: '1s' },
      rules: {
        bad,
        throws: {
          check: () => {
            asked += 1;
            throw new Error('oh');
          },
        },
      },
    });
    for (let line = 0; line < 6; line++) await t.say('den', 'al', 'hello');
    expect(asked).toBe(3);
    await t.clock.advance(61_000);
    await t.say('den', 'al', 'bad 2');
    expect(asked).toBe(4);
    expect(await t.store.cases.get(1)).toMatchObject({ rule: 'police/bad' });
  });

  it('what cannot be written down is not done', async () => {
    const t = await start({ moderation: live });
    const insert = t.store.cases.insert.bind(t.store.cases);
    t.store.cases.insert = () => Promise.reject(new Error('disk full'));
    await t.say('den', 'al', 'bad 6');
    expect(t.deeds).toEqual([]);
    t.store.cases.insert = insert;
    await t.say('den', 'al', 'bad 6');
    expect(t.deeds).toHaveLength(2);
  });
});

describe('what others do', () => {
  it('somebody removed by somebody else is a case of an unknown operator', async () => {
    const t = await start({ moderation: live });
    t.loseMember('den', 'al');
    await t.idle();
    expect(await t.store.cases.get(1)).toMatchObject({
      actor: 'unknown operator',
      consequence: 'remove',
      state: 'done',
      points: 0,
    });
    expect(t.deeds).toEqual([]);
  });

  it('what another bot has done already counts as done', async () => {
    const t = await start({ moderation: live });
    t.removal = async (room, user) => {
      t.loseMember(room, user);
      return { state: 'refused', code: 'not-member', reason: 'not a member' };
    };
    await t.say('den', 'al', 'bad 9');
    expect((await t.store.cases.list()).map(({ state }) => state)).toEqual(['done']);
  });

  it('no war: who is brought back and removed three times a day is left to people', async () => {
    const t = await start({ moderation: { ...live, caps: { removals: 100 } } });
    for (let round = 0; round < 5; round++) {
      if (!t.rooms.get('den')!.members.includes('al')) t.addMember('den', 'al');
      await t.say('den', 'al', 'bad 9');
      await t.clock.advance(60_000);
    }
    expect(t.done.filter((deed) => deed.startsWith('ban'))).toHaveLength(3);
    expect((await t.store.cases.get(4))?.state).toBe('failed');
    expect(t.notices.map(({ key }) => key)).toContain('moderation war-4');
  });

  it('a server that does not answer: observed later, or failed in the end', async () => {
    const t = await start({ moderation: live });
    t.removal = async () => ({ state: 'unknown', reason: 'nothing was seen of it within 15 s' });
    await t.say('den', 'al', 'bad 9');
    await t.say('den', 'bob', 'bad 9');
    expect((await t.store.cases.list()).map(({ state }) => state)).toEqual(['acting', 'acting']);
    t.loseMember('den', 'al');
    await t.idle();
    await t.clock.advance(21_000);
    await t.idle();
    expect((await t.store.cases.get(1))?.state).toBe('done');
    await t.clock.advance(24 * 3_600_000);
    await t.idle();
    expect((await t.store.cases.get(2))?.state).toBe('failed');
    expect((await t.store.cases.get(2))?.log.at(-1)?.detail).toContain('nothing was seen');
  });

  it.each([
    ['no-power', 'only the owner and the operators of den change its members', 'failed'],
    ['is-owner', 'al owns den', 'failed'],
    ['public-room', 'den is a public room', 'failed'],
    ['dropped', 'the connection was lost', 'acting'],
    ['not-member', 'al is not a member of den', 'done'],
  ])('a refusal (%s)', async (code, reason, state) => {
    const t = await start({ moderation: live });
    t.removal = async () => ({ state: 'refused', code, reason });
    await t.say('den', 'al', 'bad 9');
    const of = await t.store.cases.get(1);
    expect(of?.state).toBe(state);
    if (state === 'failed') expect(of?.log.at(-1)?.detail).toBe(reason);
  });
});

describe('power', () => {
  const room = 'vault';

  it('is what the server says of rooms that it does not let the bot into', async () => {
    const t = await start();
    const power = async () => (await t.moderation.cases.power('p', room))[0];
    expect(await power()).toMatchObject({ power: 'absent' });
    const reason = 'The room you are trying to enter (vault) is registered as private.';
    t.emit('room.refused', { room, reason, at: 0 });
    expect(await power()).toMatchObject({
      power: 'refused',
      summary: `I am not let into vault: ${reason.slice(0, -1)}`,
    });
    const notice = { kind: 'moderated', room, moderators: ['ann'], text: 'ask ann' } as const;
    t.emit('notice', { key: 'k', notice, at: 0 });
    t.emit('room.refused', { room, reason, at: 0 });
    expect(await power()).toMatchObject({
      power: 'moderated',
      summary: "vault is moderated by the server's people and I am not let in: ask ann",
    });
    t.rooms.set(room, { ...t.rooms.get('mine')!, name: room });
    t.enter(t.rooms.get(room)!);
    expect(await power()).toMatchObject({ power: 'private-owner' });
  });
});

describe('rules that come and go', () => {
  it('a rule that comes late knows what the journal knows', async () => {
    const t = await start({ moderation: live, rules: {} });
    for (const text of ['one', 'two', 'three']) {
      await t.say('den', 'al', text);
      await t.clock.advance(1_000);
    }
    const seen: string[] = [];
    const undo = t.addRule(
      'late',
      { window: { withinMs: 60_000, lines: 10, sameUser: false } },
      (_what, { recent, linesBefore, firstSeen, staff }) => {
        seen.push(`${recent.map(({ text }) => text).join()} ${linesBefore} ${firstSeen} ${staff.join()}`);
        return undefined;
      },
    );
    await t.clock.advance(1);
    await t.say('den', 'al', 'four');
    expect(seen).toEqual([`one,two,three 3 ${t.clock.now() - 3_001} me,meg,olga,bot,otto`]);
    undo();
    await t.say('den', 'al', 'five');
    expect(seen).toHaveLength(1);
  });

  it('while a plugin is loaded again the later one counts, and a plugin that goes away is no failure', async () => {
    const t = await start({ moderation: { ...live, rules: { 'police/x': { mode: 'live' } } }, rules: {} });
    const old = t.addRule('x', {}, () => ({ points: 2, reason: 'old' }));
    t.addRule('x', {}, () => ({ points: 2, reason: 'new' }));
    old();
    await t.say('den', 'al', 'hello');
    expect((await t.store.cases.get(1))?.reason).toBe('new');
    t.addRule('y', {}, () => Promise.reject(new PluginError('unloaded', 'it is not running')));
    for (let line = 0; line < 5; line++) await t.say('den', 'bob', 'hello');
    expect(t.owners).toEqual([]);
  });

  it('an exempt role is left alone by that rule, and by that rule alone', async () => {
    const t = await start({
      moderation: { ...live, 'new-rules': 'live' },
      rules: { strict: bad, lenient: { ...bad, exempt: ['room.member'], rooms: ['den'] } },
    });
    await t.say('den', 'stranger', 'bad 2');
    await t.say('den', 'al', 'bad 2');
    expect((await t.store.cases.list()).map(({ user, rule, log }) => [user, rule, log[0]?.detail])).toEqual([
      ['al', 'police/strict', undefined],
      ['stranger', 'police/lenient', 'police/strict: bad 2 (2 points, not counted)'],
    ]);
  });
});
