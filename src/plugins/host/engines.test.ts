import { describe, expect, it } from 'vitest';
import { type Bot, type Case, definePlugin, type Need, PluginError, type WishFinds } from '../api/index.ts';
import { fakeHost } from './testing/fake-services.ts';

const noop = () => {};

/** A loaded plugin whose `bot` the test holds. */
async function holding(needs: readonly Need[], setup: (bot: Bot) => void = noop) {
  const t = fakeHost();
  let held: Bot | undefined;
  const plugin = definePlugin({
    name: 'x',
    needs,
    setup(bot) {
      held = bot;
      setup(bot);
    },
  });
  await t.load(plugin, 'p', {});
  if (held === undefined) throw new Error('setup did not run');
  return { ...t, bot: held, engines: t.services.engines };
}

const said = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) =>
      error instanceof PluginError ? `${error.code}: ${error.message}` : `other: ${String(error)}`,
  );

const finds = { id: 'f1', finds: [] } as unknown as WishFinds;

describe('bot.wishlist', () => {
  it('registers wishes with durations in milliseconds, and hears of their finds', async () => {
    const heard: string[] = [];
    const { engines, host } = await holding(['search.run'], (bot) => {
      bot.wishlist({
        id: 'ep',
        query: 'rare ep',
        every: '1h',
        filter: { class: ['lossless'] },
        onFinds: ({ id }) => heard.push(id),
      });
      bot.wishlist({ id: 'lp', query: 'rare lp' });
      bot.wishlist.onFinds(({ id }) => heard.push(`all ${id}`));
    });
    expect(engines.wishSpecs.get('p/ep')?.spec).toEqual({
      query: 'rare ep',
      everyMs: 3_600_000,
      filter: { class: ['lossless'] },
    });
    expect(engines.wishSpecs.get('p/lp')?.deliver).toBeUndefined();
    expect(await engines.wishSpecs.get('p/ep')?.deliver?.(finds)).toEqual({ how: 'done' });
    expect(await engines.finders.get('p')?.(finds)).toEqual({ how: 'done' });
    expect(heard).toEqual(['f1', 'all f1']);
    await host.close('over');
    expect([engines.wishSpecs.size, engines.finders.size]).toEqual([0, 0]);
  });

  it('tells the engine when a handler throws', async () => {
    const { engines } = await holding(['search.run'], (bot) => {
      bot.wishlist.onFinds(() => {
        throw new Error('no room');
      });
    });
    expect(await engines.finders.get('p')?.(finds)).toEqual({ how: 'error', message: 'no room' });
  });

  it('refuses what is no wish, in words', async () => {
    const { bot, engines } = await holding(['search.run']);
    const wrong = [
      {},
      { query: '' },
      { query: 'x', prority: 5 },
      { query: 'x', priority: 11 },
      { query: 'x', every: '1m' },
      { query: 'x', every: '2h', atMost: '1h' },
      { query: 'x', scope: 'everywhere' },
      { query: 'x', tell: { agian: true } },
      { query: 'x', tags: Array.from({ length: 11 }, () => 'a') },
      { query: 'x', data: 'y'.repeat(5000) },
      { query: 'x', id: 'two words' },
    ];
    const answers: string[] = [];
    for (const options of wrong) answers.push(await said(bot.wishlist.add(options as never)));
    expect(answers).toEqual([
      'invalid: bot.wishlist.add: query must be a text that is not empty',
      'invalid: bot.wishlist.add: query must be a text that is not empty',
      'invalid: bot.wishlist.add takes no "prority"; did you mean "priority"?',
      'invalid: bot.wishlist.add: priority must be a whole number from 1 to 10',
      'invalid: bot.wishlist.add: every must be from 10m to 365d',
      'invalid: bot.wishlist.add: atMost must not be shorter than every',
      'invalid: bot.wishlist.add: scope must be "network", "buddies", { room } or { user }',
      'invalid: bot.wishlist.add: tell takes no "agian"; did you mean "again"?',
      'invalid: bot.wishlist.add: tags must be a list of at most 10 texts of 1 to 32 characters',
      expect.stringMatching(/^too-large: /),
      'invalid: bot.wishlist.add: the id must be 1 to 64 characters without spaces and control characters',
    ]);
    expect(engines.calls).toEqual([]);
  });

  it('passes every function on', async () => {
    const { bot, engines } = await holding(['search.run']);
    await bot.wishlist.add({ id: 'a', query: 'x', atMost: '2h', every: '1h' });
    await bot.wishlist.change('a', { every: null, note: 'now' });
    await bot.wishlist.pause('a', 5);
    await bot.wishlist.results('a', { limit: 3 });
    await bot.wishlist.results('a');
    await bot.wishlist.forget('a');
    await bot.wishlist.experience('ann', 'bad');
    await bot.wishlist.plan('3d');
    await bot.wishlist.list({ state: ['active'], tag: 't' });
    expect(engines.calls.map(({ method, args }) => [method, ...args])).toEqual([
      ['wishlist.add', 'a', { query: 'x', everyMs: 3_600_000, atMostMs: 7_200_000 }],
      ['wishlist.change', 'a', { everyMs: null, note: 'now' }],
      ['wishlist.pause', 'a', 5],
      ['wishlist.results', 'a', 3],
      ['wishlist.results', 'a', 50],
      ['wishlist.forget', 'a', undefined],
      ['wishlist.experience', 'ann', 'bad'],
      ['wishlist.plan', 259_200_000],
      ['wishlist.list', { state: ['active'], tag: 't' }],
    ]);
    expect(await said(bot.wishlist.plan('31d'))).toBe(
      'invalid: bot.wishlist.plan: give it a time of up to 30d',
    );
    expect(await said(bot.wishlist.results('a', { limit: 501 }))).toMatch(/^invalid: .* from 1 to 500$/);
    expect(await said(bot.wishlist.change('a', { query: null }))).toBe(
      'invalid: bot.wishlist.change: a wish needs a query',
    );
  });

  it('takes an id once', async () => {
    const { bot } = await holding(['search.run']);
    const first = bot.wishlist({ id: 'a', query: 'x' });
    expect(() => bot.wishlist({ id: 'a', query: 'y' })).toThrow('the id is in use already');
    await first.ready;
    first.dispose();
    await bot.wishlist({ id: 'a', query: 'y' }).ready;
  });
});

describe('bot.notify', () => {
  it('passes a notice on, its time as milliseconds', async () => {
    const { bot, engines } = await holding(['notify', 'pm.send']);
    await bot.notify(['phone', { pm: 'ann' }], { title: 'Found', ttl: '1h', key: 'k', lines: ['a'] });
    expect(engines.calls[0]).toEqual({
      instance: 'p',
      method: 'notify.tell',
      args: [['phone', { pm: 'ann' }], { title: 'Found', lines: ['a'], key: 'k', ttlMs: 3_600_000 }],
    });
  });

  it('asks for the need of a person or a room too', async () => {
    const { bot } = await holding(['notify']);
    expect(await said(bot.notify({ pm: 'ann' }, { title: 'x' }))).toMatch(/^need-missing: .*pm\.send/);
    expect(await said(bot.notify({ room: 'indie' }, { title: 'x' }))).toMatch(/^need-missing: .*room\.say/);
    expect(await said(bot.notify('phone', { title: 'x' }))).toBe('done');
  });

  it('refuses what is no notice', async () => {
    const { bot } = await holding(['notify']);
    const answers: string[] = [];
    for (const notice of [{}, { title: '' }, { title: 'x', lines: [1] }, { title: 'x', digest: 'week' }])
      answers.push(await said(bot.notify('phone', notice as never)));
    answers.push(await said(bot.notify([], { title: 'x' })));
    answers.push(await said(bot.notify({} as never, { title: 'x' })));
    expect(answers).toEqual([
      'invalid: bot.notify: title must be a text of 1 to 200 characters',
      'invalid: bot.notify: title must be a text of 1 to 200 characters',
      'invalid: bot.notify: lines must be texts of at most 2000 characters',
      'invalid: bot.notify: digest must be one of none, hour, day',
      'invalid: bot.notify: give it 1 to 20 targets',
      'invalid: bot.notify: a target is the name of a channel, { pm: user } or { room }',
    ]);
  });
});

describe('bot.rule and bot.action', () => {
  it('judge what the engine shows them', async () => {
    const acted: string[] = [];
    const { engines } = await holding(['moderate'], (bot) => {
      bot.rule({
        id: 'loud',
        summary: 'Too loud',
        window: { within: '1m' },
        check: ({ text }, { recent }) => (text === 'AAA' ? { points: recent.length, reason: 'loud' } : null),
      });
      bot.action({
        id: 'frown',
        summary: 'Frowns',
        apply: (of) => acted.push(`apply ${of.id}`),
        undo: (of) => acted.push(`undo ${of.id}`),
      });
    });
    const check = engines.ruleChecks.get('p/loud')!;
    const context = { recent: [1, 2], joins: [], staff: [], linesBefore: 0 } as never;
    expect(await check({ text: 'AAA' } as never, context)).toEqual({ points: 2, reason: 'loud' });
    expect(await check({ text: 'a' } as never, context)).toBeUndefined();
    await expect(check({ text: 'AAA' } as never, { recent: [] } as never)).rejects.toThrow('points above 0');
    const run = engines.actionRuns.get('p/frown')!;
    expect(await run('apply', { id: 7 } as Case)).toEqual({ how: 'done' });
    expect(await run('undo', { id: 7 } as Case)).toEqual({ how: 'done' });
    expect(acted).toEqual(['apply 7', 'undo 7']);
  });

  it('are refused in words', async () => {
    const { bot } = await holding(['moderate']);
    const rule = (part: object) =>
      said(bot.rule({ id: 'a', summary: 's', check: () => null, ...part } as never).ready);
    expect(await rule({ id: 'A B' })).toBe(
      'invalid: bot.rule("A B"): id must be 1 to 32 lower-case letters, digits and "-"',
    );
    expect(await rule({ summary: ' ' })).toMatch(/summary must be a text/);
    expect(await rule({ on: 'leave' })).toMatch(/on must be "line" or "join"/);
    expect(await rule({ window: { within: '2h' } })).toMatch(/at most 1h/);
    expect(await rule({ on: 'join', patience: '61s' })).toMatch(/patience must be at most 60s/);
    expect(await rule({ patience: '2s' })).toMatch(/patience over 1s is for on: "join"/);
    expect(await rule({ rooms: [] })).toMatch(/rooms must be a list/);
    expect(await rule({ exempt: ['king'] })).toMatch(/exempt must be a list/);
    const action = bot.action({ id: 'x', summary: 's', powers: ['royal' as never], apply: noop, undo: noop });
    expect(await said(action.ready)).toMatch(/powers must be a list of public/);
    expect(() => bot.rule({ id: 'x' } as never)).toThrow('check(what, context)');
    expect(() => bot.action({ id: 'x', apply: noop } as never)).toThrow('undo(case)');
  });
});

describe('bot.cases and bot.members', () => {
  it('pass on what they are asked, after a look at it', async () => {
    const { bot, engines } = await holding(['moderate']);
    engines.answers.set('cases.strikes', []);
    expect(await bot.cases.strikes('ann')).toEqual([]);
    await bot.members.invite('den', 'ann', 'meg', { ttlMs: 5 });
    expect(engines.calls).toEqual([
      { instance: 'p', method: 'cases.strikes', args: ['ann', undefined] },
      { instance: 'p', method: 'members.invite', args: ['den', 'ann', 'meg', { ttlMs: 5 }] },
    ]);
    expect(await said(bot.cases.undo('4' as never, 'meg'))).toBe(
      'invalid: bot.cases.undo: id must be a whole number',
    );
    expect(await said(bot.cases.decide(4, 'meg', 'perhaps' as never))).toBe(
      'invalid: bot.cases.decide: answer must be one of yes, no',
    );
    expect(await said(bot.members.remove('den', '', 'meg'))).toBe(
      'invalid: bot.members.remove: user must be a text that is not empty',
    );
  });
});

it('each of them is refused without its need', async () => {
  const { bot, engines } = await holding(['web']);
  const uses: readonly [string, () => Promise<unknown>][] = [
    ['search.run', () => bot.wishlist({ id: 'a', query: 'x' }).ready],
    ['search.run', () => bot.wishlist.onFinds(noop).ready],
    ['search.run', () => bot.wishlist.list()],
    ['notify', () => bot.notify('phone', { title: 'x' })],
    ['notify', () => bot.notify.channels()],
    ['moderate', () => bot.rule({ id: 'a', summary: 's', check: () => null }).ready],
    ['moderate', () => bot.action({ id: 'a', summary: 's', apply: noop, undo: noop }).ready],
    ['moderate', () => bot.cases.list()],
    ['moderate', () => bot.members.pending()],
    ['user.read', () => bot.users.shares('ann')],
    ['user.address', () => bot.users.address('ann')],
  ];
  for (const [need, use] of uses) expect(await said(use())).toMatch(new RegExp(`^need-missing: .*${need}`));
  expect(engines.calls).toEqual([]);
});
