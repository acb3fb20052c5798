import { definePlugin, type JobRun, type Plugin, s, type Timers } from 'seekeeper';
import { type TestBot, type TestBotOptions, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

const HOUR = 3_600_000;

let current: TestBot | undefined;
afterEach(async () => {
  await current?.dispose();
});

const open = async (plugin: Plugin, options: TestBotOptions = {}): Promise<TestBot> => {
  current = await testBot(plugin, options);
  return current;
};

const announcer = definePlugin({
  name: 'announcer',
  needs: ['room.say'],
  config: s.object({ timezone: s.string().default('UTC') }),
  setup(bot) {
    bot.schedule({ id: 'daily', cron: '0 20 * * *', timezone: bot.config.timezone }, async (run) => {
      await bot.say('indie', `Good evening.${run.reason === 'catch-up' ? ' (late: I was away)' : ''}`);
    });
  },
});

/** Runs that handlers saw, over all lives of the bot. */
type Seen = Pick<JobRun, 'run' | 'redelivered' | 'reason' | 'attempt' | 'missed'> & { readonly what: string };

const about = (what: string, { run, redelivered, reason, attempt, missed }: JobRun): Seen => ({
  what,
  run,
  redelivered,
  reason,
  attempt,
  missed,
});

describe('a job by the calendar', () => {
  it('runs once a day, and once after three days of downtime, marked', async () => {
    const t = await open(announcer, { config: { timezone: 'Europe/Berlin' }, at: '2026-03-27T12:00:00Z' });
    await t.advance('8h');
    expect(t.text('indie')).toEqual(['Good evening.']);
    await t.downtime('3d');
    expect(t.text('indie')).toEqual(['Good evening.', 'Good evening. (late: I was away)']);
    // The clocks went forward meanwhile: 20:00 is an hour earlier by UTC.
    await t.advance('21h');
    expect(t.text('indie')).toHaveLength(2);
    await t.advance('2h');
    expect(t.text('indie')).toHaveLength(3);
  });

  it('`skip` makes up for nothing, `all` for each; what is left out is counted', async () => {
    const seen: Seen[] = [];
    const plugin = definePlugin({
      name: 'p',
      setup(bot) {
        for (const misfire of ['skip', 'all', 'once'] as const)
          bot.schedule(
            { id: misfire, cron: '0 * * * *', misfire },
            (run) => void seen.push(about(misfire, run)),
          );
      },
    });
    const t = await open(plugin, { at: '2026-01-01T00:30:00Z' });
    await t.downtime('5h', 'kill');
    const late = (what: string) => seen.filter((one) => one.what === what);
    expect(late('skip')).toEqual([]);
    expect(late('all').map(({ missed }) => missed)).toEqual([0, 0, 0, 0, 0]);
    expect(late('once')).toMatchObject([{ reason: 'catch-up', missed: 4, redelivered: false }]);
    await t.advance('1h');
    expect(late('skip')).toMatchObject([{ reason: 'due', missed: 5 }]);
    expect(late('once').at(-1)).toMatchObject({ reason: 'due', missed: 0 });
    expect(new Set(seen.map(({ run }) => run)).size).toBe(seen.length);
  });

  it('an expression that means nothing ends the start, with the name of the job', async () => {
    const plugin = definePlugin({
      name: 'p',
      setup: (bot) => void bot.schedule({ id: 'never', cron: '0 0 30 2 *' }, () => {}),
    });
    await expect(open(plugin)).rejects.toThrow(/0 0 30 2 \*.*impossible/);
  });
});

describe('an interval', () => {
  it('goes on where it was, also over a downtime, and its jitter is drawn once', async () => {
    const times: number[] = [];
    const plugin = definePlugin({
      name: 'p',
      setup: (bot) =>
        void bot.every({ id: 'tick', every: '1h', jitter: '30m' }, ({ at }) => void times.push(at)),
    });
    const t = await open(plugin);
    const start = t.now;
    const due = async () =>
      Number((await t.database("select next_at from job where id = 'tick'"))[0]?.['next_at']);
    const before = await due();
    await t.downtime('1m', 'kill');
    expect(await due()).toBe(before);
    await t.advance('10h');
    expect(times.length).toBeGreaterThanOrEqual(9);
    times.forEach((at, index) => {
      expect(at - start).toBeGreaterThanOrEqual((index + 1) * HOUR);
      expect(at - start).toBeLessThanOrEqual((index + 1) * HOUR + HOUR / 2 + 5_000);
    });
    expect(new Set(times.map((at) => (at - start) % HOUR)).size).toBeGreaterThan(3);
  });

  it('with another length it is due as long after the last time as it says now', async () => {
    const times: number[] = [];
    let every = '10h';
    const plugin = definePlugin({
      name: 'p',
      setup: (bot) => void bot.every({ id: 'tick', every }, ({ at }) => void times.push(at)),
    });
    const t = await open(plugin);
    const start = t.now;
    await t.advance('11h');
    every = '3h';
    await t.downtime('1m');
    await t.advance('3h');
    expect(times.map((at) => Math.round((at - start) / HOUR))).toEqual([10, 13]);
  });
});

describe('when it goes wrong', () => {
  it('tries again with longer and longer waits, the same run, then keeps it as given up', async () => {
    const seen: (Seen & { readonly at: number })[] = [];
    const plugin = definePlugin({
      name: 'p',
      setup(bot) {
        bot.every({ id: 'tick', every: '1d', retry: { attempts: 3, backoff: '1m' } }, (run) => {
          seen.push({ ...about('tick', run), at: run.at });
          if (seen.length < 5) throw new Error('no luck');
        });
      },
    });
    const t = await open(plugin, { roles: { mod: ['meg'] } });
    await t.advance('1d');
    await t.downtime('10s', 'kill');
    await t.advance('10m');
    expect(seen.map(({ attempt, reason }) => `${attempt} ${reason}`)).toEqual([
      '1 due',
      '2 retry',
      '3 retry',
    ]);
    expect(new Set(seen.map(({ run }) => run)).size).toBe(1);
    const waits = seen.map(({ at }, index) => Math.round((at - (seen[index - 1]?.at ?? at)) / 60_000));
    expect(waits).toEqual([0, 1, 2]);
    await t.pm('meg', '!jobs');
    const told = t.private('meg').join('\n');
    expect(told).toMatch(/p\/tick \(every 1d\): next in 23h\d+m .*; last failed \(no luck\)/);
    expect(told).toContain(`after 3 attempts: no luck [${seen[0]!.run}]`);
    expect(await t.bot.jobs({ act: 'retry', name: seen[0]!.run })).toMatchObject({ ok: true });
    await t.advance('2m');
    expect(seen.at(-1)).toMatchObject({ attempt: 2, run: seen[0]!.run });
    await t.say('meg', 'indie', '!jobs');
    expect(t.text('indie').at(-1)).toMatch(/^Next: p\/tick in 23h\d+m$/);
  });

  it('a run that takes long keeps out the next, or lets it wait', async () => {
    const seen: string[] = [];
    const ends: (() => void)[] = [];
    const plugin = definePlugin({
      name: 'p',
      setup(bot) {
        for (const overlap of ['skip', 'wait'] as const)
          bot.every({ id: overlap, every: '1m', overlap }, async ({ missed }) => {
            seen.push(`${overlap} ${missed}`);
            if (ends.length < 2) await new Promise<void>((resolve) => ends.push(resolve));
          });
      },
    });
    const t = await open(plugin, { host: { handlerMs: HOUR } });
    const { clock } = t.sandbox.world;
    await clock.advance(3.5 * 60_000);
    expect(seen.sort()).toEqual(['skip 0', 'wait 0']);
    seen.length = 0;
    for (const end of ends) end();
    await clock.advance(1000);
    expect(seen).toEqual(['wait 0', 'wait 0']);
    await clock.advance(60_000);
    expect(seen.sort()).toEqual(['skip 2', 'wait 0', 'wait 0', 'wait 0']);
  });
});

/** Asks for reminders and gives them. */
const reminder = (seen: Seen[]) =>
  definePlugin({
    name: 'reminder',
    needs: ['pm.read', 'pm.send'],
    setup(bot) {
      const reminders: Timers<{ readonly text: string }> = bot.timer('remind', async ({ text }, run) => {
        seen.push(about(text, run));
        await bot.store.update<readonly string[]>('given', (given = []) =>
          given.includes(run.run) ? given : [...given, run.run],
        );
      });
      bot.every({ id: 'hourly', every: '30m', misfire: 'all' }, async (run) => {
        seen.push(about('hourly', run));
        await bot.store.update<number>('hours', (hours = 0) => hours + 1);
      });
      bot.on('private.message', async ({ user, text, at }) => {
        await reminders.set(`${user}/${text}`, at + 10 * 60_000, { text });
      });
    },
  });

describe('killed at any write', () => {
  /** @returns whether the bot died. */
  async function dieAt(write: number, when: 'before' | 'after'): Promise<boolean> {
    const seen: Seen[] = [];
    const t = await testBot(reminder(seen));
    current = t;
    t.disk.crashAfter(write, when);
    for (const text of ['tea', 'milk']) (await t.person('al')).pm(t.user, text);
    await t.settle();
    await t.sandbox.world.clock.advance(35 * 60_000);
    const died = t.disk.crashed;
    await t.kill();
    await t.start();
    await t.advance('40m');
    const runs = new Map<string, Seen[]>();
    for (const one of seen) runs.set(one.run, [...(runs.get(one.run) ?? []), one]);
    // The second time of a run says that it is one; nothing is lost, nothing is run as something new.
    for (const [, ...again] of runs.values())
      expect(again.filter(({ redelivered }) => !redelivered)).toEqual([]);
    const kinds = [...runs.values()].map(([first]) => first!.what).sort();
    expect(kinds).toEqual(['hourly', 'hourly', 'milk', 'tea']);
    expect(await t.store.get<string[]>('given')).toHaveLength(2);
    expect((await t.database('select count(*) as n from job_run'))[0]).toEqual({ n: 0 });
    await t.dispose();
    return died;
  }

  it.each([
    ['before', 1],
    ['after', 3],
  ] as const)('%s it: no timer and no job is lost, a second time is marked', async (when, step) => {
    let write = 1;
    while (await dieAt(write, when)) write += step;
    expect(write).toBeGreaterThan(40);
  });
});

describe('timers', () => {
  it('are moved, cancelled, listed and found, and a time that has passed fires at once', async () => {
    const fired: string[] = [];
    let timers!: Timers<number | null>;
    const plugin = definePlugin({
      name: 'p',
      setup(bot) {
        timers = bot.timer<number | null>(
          't',
          (payload, { key }) => void fired.push(`${key} ${String(payload)}`),
        );
      },
    });
    const t = await open(plugin);
    await timers.set('a/1', t.now + HOUR, 1);
    await timers.set('a/2', t.now + 2 * HOUR, 2);
    await timers.set('b', t.now + HOUR, null);
    await timers.set('a/1', t.now + 3 * HOUR, 11);
    expect(await timers.get('a/1')).toEqual({ key: 'a/1', at: t.now + 3 * HOUR, payload: 11 });
    expect((await timers.list('a/')).map(({ key }) => key)).toEqual(['a/2', 'a/1']);
    expect(await timers.cancel('a/2')).toBe(true);
    expect(await timers.cancel('a/2')).toBe(false);
    await timers.set('now', t.now - HOUR, 0);
    await t.settle();
    expect(fired).toEqual(['now 0']);
    await t.advance('4h');
    expect(fired).toEqual(['now 0', 'b null', 'a/1 11']);
    expect(await timers.list()).toEqual([]);
    for (const bad of [Number.NaN, Infinity, 1e300])
      await expect(timers.set('x', bad, 1)).rejects.toMatchObject({ code: 'invalid' });
    await expect(timers.set('', 1, 1)).rejects.toMatchObject({ code: 'invalid' });
    await expect(timers.set('x'.repeat(257), 1, 1)).rejects.toMatchObject({ code: 'invalid' });
    await expect(timers.set('x', 1, 'y'.repeat(70_000) as never)).rejects.toMatchObject({
      code: 'too-large',
    });
    await expect(timers.set('x', 1, (() => 1) as never)).rejects.toMatchObject({ code: 'not-plain' });
  });

  it('set anew by their own handler are another run, and go on after a downtime', async () => {
    const runs: string[] = [];
    const plugin = definePlugin({
      name: 'p',
      setup(bot) {
        const timers = bot.timer<number>('t', async (count, { key, due, run }) => {
          runs.push(run);
          if (count < 4) await timers.set(key, due + HOUR, count + 1);
        });
        bot.command({
          name: 'go',
          summary: 'Go',
          run: async ({ at }) => {
            await timers.set('k', at + HOUR, 1);
          },
        });
      },
    });
    const t = await open(plugin);
    await t.pm('al', '!go');
    await t.advance('90m');
    await t.downtime('2h', 'kill');
    await t.advance('3h');
    expect(new Set(runs).size).toBe(4);
    expect(runs).toHaveLength(4);
  });
});
