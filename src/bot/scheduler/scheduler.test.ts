import { describe, expect, it, vi } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import { memoryLog } from '../../platform/memory-log.ts';
import { nullLog } from '../../platform/null-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { JobRun } from '../../plugins/api/time.ts';
import type { RunOutcome } from '../../plugins/host/services.ts';
import type { JobSpec } from '../../plugins/host/wire.ts';
import { FaultyBackend } from '../store/fault-injection.ts';
import { openSqlite } from '../store/sqlite-backend.ts';
import { openStore } from '../store/store.ts';
import { MAX_RUNNING } from './lane.ts';
import { MAX_TIMERS, Scheduler } from './scheduler.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RETRY = { attempts: 3, backoffMs: 60_000 };
const DONE: RunOutcome = { how: 'done' };

const hourly: JobSpec = {
  id: 'hourly',
  when: { kind: 'cron', cron: '0 * * * *', gap: 'shift', fold: 'first' },
  misfire: 'once',
  overlap: 'skip',
  retry: RETRY,
};

async function world() {
  const clock = new VirtualClock();
  const log = memoryLog();
  const disk = new FaultyBackend(openSqlite({ path: ':memory:', log: nullLog }));
  const store = await openStore({ backend: disk, clock, log: nullLog });
  const random = new SeededRandom(1);
  const make = () => new Scheduler({ clock, random, log, store, timezone: 'UTC', note: () => 'w' });
  const rows = async (sql: string) => (await disk.query(sql, [])).rows;
  return { clock, log, disk, store, make, rows, scheduler: make() };
}

describe('ten thousand timers', () => {
  it('due at once: eight at a time, other plugins at once, one timer of the clock', async () => {
    const { clock, scheduler, rows } = await world();
    let running = 0;
    let most = 0;
    let fired = 0;
    const ends: (() => void)[] = [];
    scheduler.listen('hostile', 't', RETRY, async () => {
      most = Math.max(most, ++running);
      const { promise, resolve } = deferred();
      ends.push(resolve);
      await promise;
      running -= 1;
      fired += 1;
      return DONE;
    });
    const polite: number[] = [];
    scheduler.listen('polite', 't', RETRY, async (_, { at }) => {
      polite.push(at);
      return DONE;
    });
    const at = clock.now() + HOUR;
    for (let i = 0; i < 300; i++) await scheduler.setTimer('hostile', 't', `k${i}`, at, null);
    await scheduler.setTimer('polite', 't', 'k', at + 1, null);
    scheduler.start();
    await clock.advance(HOUR + 10);
    expect(polite).toHaveLength(1);
    expect(most).toBe(MAX_RUNNING);
    while (fired < 300) {
      for (const end of ends.splice(0)) end();
      await clock.advance(1);
      expect(running).toBeLessThanOrEqual(MAX_RUNNING);
    }
    expect(await rows('select count(*) as n from job_run')).toEqual([{ n: 0 }]);
    expect(scheduler.active).toBe(0);
  });

  it('and not one more, but one of them can still be moved', async () => {
    const { scheduler, rows, clock } = await world();
    await rows(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${MAX_TIMERS})
       insert into job_run (run, instance, kind, id, key, due_at, at, state, attempt, failures, redelivered, missed, changed_at)
       select 'r' || i, 'p', 'timer', 't', 'k' || i, 1e15, 1e15, 'waiting', 0, 0, 0, 0, 0 from n`,
    );
    await expect(scheduler.setTimer('p', 't', 'new', clock.now(), 1)).rejects.toMatchObject({
      code: 'too-many',
    });
    await scheduler.setTimer('p', 't', 'k5', clock.now() + 1, 1);
    await scheduler.setTimer('q', 't', 'new', clock.now() + 1, 1);
    await scheduler.cancelTimer('p', 't', 'k6');
    await scheduler.setTimer('p', 't', 'new', clock.now() + 1, 1);
  });
});

describe('the system clock', () => {
  it('set forward: what is due is found within a minute; set back: nothing runs twice', async () => {
    const { store, log } = await world();
    let shift = 0;
    const virtual = new VirtualClock();
    const clock = {
      now: () => virtual.now() + shift,
      monotonic: () => virtual.monotonic(),
      setTimeout: (run: () => void, ms: number) => virtual.setTimeout(run, ms),
      hold: (why: string) => virtual.hold(why),
    };
    const scheduler = new Scheduler({
      clock,
      random: new SeededRandom(1),
      log,
      store,
      timezone: 'UTC',
      note: () => 'w',
    });
    const runs: JobRun[] = [];
    scheduler.register('p', hourly, async (run) => {
      runs.push(run);
      return DONE;
    });
    scheduler.start();
    await virtual.advance(5_000);
    shift = 5 * HOUR;
    await virtual.advance(60_000);
    expect(runs).toMatchObject([{ missed: 4, redelivered: false }]);
    shift = 0;
    await virtual.advance(5 * HOUR);
    expect(runs).toHaveLength(1);
    await virtual.advance(2 * HOUR);
    expect(runs).toHaveLength(3);
  });
});

describe('a plugin that goes away', () => {
  it('is asked nothing until it is back; its run is begun again, as the same one', async () => {
    const { clock, scheduler } = await world();
    const runs: JobRun[] = [];
    const cut = async (run: JobRun): Promise<RunOutcome> => {
      runs.push(run);
      return { how: 'cut' };
    };
    const stop = scheduler.register('p', hourly, cut);
    scheduler.register('p', { ...hourly, id: 'other' }, cut);
    scheduler.start();
    await clock.advance(HOUR + 120_000);
    expect(runs).toHaveLength(2);
    const back: JobRun[] = [];
    const undo = scheduler.register('p', hourly, async (run) => {
      back.push(run);
      return DONE;
    });
    // The old one goes after the new one came.
    stop();
    await clock.advance(1_000);
    const { run } = runs.find(({ id }) => id === 'hourly')!;
    expect(back).toMatchObject([{ run, redelivered: true, reason: 'catch-up', attempt: 2 }]);
    undo();
    await clock.advance(3 * HOUR);
    expect(back).toHaveLength(1);
    const { jobs } = await scheduler.report();
    expect(jobs.find(({ id }) => id === 'hourly')).toMatchObject({ orphaned: true, last: { how: 'done' } });
  });

  it('for thirty days loses its jobs, not before', async () => {
    const { clock, scheduler, make, rows } = await world();
    scheduler.register('p', hourly, async () => DONE);
    scheduler.start();
    await clock.advance(1_000);
    await scheduler.setTimer('p', 't', 'k', clock.now() + 100 * DAY, 1);
    scheduler.stop();
    const next = make();
    next.listen('q', 't', RETRY, async () => DONE);
    next.start();
    await clock.advance(29 * DAY);
    expect(await rows("select instance from job where instance = 'p'")).toHaveLength(1);
    await clock.advance(2 * DAY);
    expect(await rows('select instance, kind from job')).toEqual([{ instance: 'q', kind: 'timer' }]);
  });

  it('takes the process down every time: after so many attempts it is given up', async () => {
    const { clock, make, log, rows } = await world();
    const attempts: number[] = [];
    for (let life = 0; life < 6; life++) {
      const scheduler = make();
      scheduler.register('p', hourly, ({ attempt }) => {
        attempts.push(attempt);
        return new Promise(() => {});
      });
      scheduler.start();
      await clock.advance(HOUR + 1_000);
      // As if the process had ended.
      scheduler.stop();
    }
    expect(attempts).toEqual([1, 2, 3, 1, 2, 3]);
    expect(await rows("select attempt from job_run where state = 'dead'")).toEqual([{ attempt: 3 }]);
    expect(log.lines.filter(({ message }) => message === 'A run was given up')).toHaveLength(1);
  });
});

describe('a disk that is full', () => {
  it('begins nothing and repeats nothing; goes on when there is room', async () => {
    const { clock, scheduler, disk } = await world();
    const runs: JobRun[] = [];
    const end = deferred<RunOutcome>();
    scheduler.register('p', hourly, (run) => {
      runs.push(run);
      return runs.length === 1 ? end.promise : Promise.resolve(DONE);
    });
    scheduler.start();
    await clock.advance(HOUR);
    expect(runs).toHaveLength(1);
    disk.failWrites(() => new Error('disk full'));
    end.resolve(DONE);
    await clock.advance(3 * HOUR);
    expect(runs).toHaveLength(1);
    disk.failWrites();
    await clock.advance(HOUR);
    expect(runs.map(({ redelivered }) => redelivered)).toEqual([false, false]);
    expect(runs[1]!.missed).toBe(3);
    expect(scheduler.active).toBe(0);
  });
});

describe('runs that were given up', () => {
  it('are kept for 90 days, the newest thousand of a plugin', async () => {
    const { clock, scheduler, rows, store } = await world();
    scheduler.listen('p', 't', { attempts: 1, backoffMs: 0 }, async () => ({ how: 'error', message: 'no' }));
    scheduler.start();
    for (let i = 0; i < 1_005; i++) await scheduler.setTimer('p', 't', `k${i}`, clock.now() + i, 1);
    await clock.advance(10_000);
    expect(await rows('select count(*) as n, min(key) as first from job_run')).toMatchObject([{ n: 1_000 }]);
    const { dead, deadCount } = await scheduler.report();
    expect(deadCount).toBe(1_000);
    expect(dead.at(-1)).toMatchObject({ key: 'k1004', error: 'no', attempts: 1 });
    expect(await scheduler.discard(dead[0]!.run)).toBe(true);
    expect(await scheduler.discard(dead[0]!.run)).toBe(false);
    await clock.advance(91 * DAY);
    await store.maintain();
    expect(await rows('select count(*) as n from job_run')).toEqual([{ n: 0 }]);
  });

  it('a timer that failed and was set anew meanwhile is not tried again on top', async () => {
    const { clock, scheduler } = await world();
    const fired: unknown[] = [];
    scheduler.listen('p', 't', RETRY, async (payload) => {
      fired.push(payload);
      if (payload !== 1) return DONE;
      await scheduler.setTimer('p', 't', 'k', clock.now() + HOUR, 2);
      return { how: 'error', message: 'no' };
    });
    scheduler.start();
    await scheduler.setTimer('p', 't', 'k', clock.now(), 1);
    await clock.advance(2 * HOUR);
    expect(fired).toEqual([1, 2]);
    expect((await scheduler.report()).dead).toMatchObject([
      { key: 'k', error: expect.stringContaining('set anew') },
    ]);
  });
});

it('a job runs on demand, beside its calendar', async () => {
  const { clock, scheduler } = await world();
  const runs: string[] = [];
  scheduler.register('p', hourly, async ({ run }) => {
    runs.push(run);
    return DONE;
  });
  scheduler.start();
  await clock.advance(1_000);
  const run = await scheduler.runNow('p', 'hourly');
  await clock.advance(1_000);
  expect(runs).toEqual([run]);
  expect(await scheduler.runNow('p', 'other')).toBeUndefined();
  expect((await scheduler.report()).jobs[0]).toMatchObject({
    next: expect.any(Number),
    last: { how: 'done' },
  });
});

it('with another time in the code the next run is reckoned anew, with the same one it stays', async () => {
  const { clock, make } = await world();
  const next = async (scheduler: Scheduler) => (await scheduler.report()).jobs[0]?.next;
  const start = async (cron: string, retry = RETRY) => {
    const scheduler = make();
    const when = { kind: 'cron', cron, gap: 'shift', fold: 'first' } as const;
    scheduler.register('p', { ...hourly, when, retry }, async () => DONE);
    scheduler.start();
    await clock.advance(1_000);
    scheduler.stop();
    return (await next(scheduler))! - clock.now();
  };
  expect(await start('0 12 * * *')).toBeGreaterThan(60_000);
  await clock.advance(DAY);
  const late = await start('0 12 * * *', { attempts: 1, backoffMs: 0 });
  expect(late).toBeGreaterThan(0);
  expect(await start('*/5 * * * *')).toBeLessThanOrEqual(300_000);
});

it('asks nothing of the clock while nothing is to come', async () => {
  const { clock, scheduler } = await world();
  scheduler.start();
  await clock.advance(1_000);
  expect(clock.nextDue! - clock.now()).toBeGreaterThan(50 * 60_000);
});

it('a timer that is set while others are being begun fires in time', async () => {
  const { clock, scheduler, disk } = await world();
  const fired: string[] = [];
  scheduler.listen('p', 't', RETRY, async (_, { key }) => {
    fired.push(key);
    // The end of a run would have everything looked at again.
    return key === 'long' ? new Promise(() => {}) : DONE;
  });
  scheduler.start();
  await clock.advance(1_000);
  const query = disk.query.bind(disk);
  let set: Promise<void> | undefined;
  let armed = false;
  vi.spyOn(disk, 'query').mockImplementation((sql, parameters) => {
    // The store is read already, and the next write in turn will be this one.
    if (armed && parameters.includes('waiting') && sql.includes('order by'))
      set ??= scheduler.setTimer('p', 't', 'k', clock.now() + 500, null);
    return query(sql, parameters);
  });
  await scheduler.setTimer('p', 't', 'long', clock.now(), null);
  armed = true;
  await clock.advance(400);
  await set;
  await clock.advance(200);
  expect(fired).toEqual(['long', 'k']);
});

it('a timer cannot be cancelled by its own handler, and is tried again when that fails', async () => {
  const { clock, scheduler } = await world();
  const cancelled: boolean[] = [];
  scheduler.listen('p', 't', RETRY, async () => {
    cancelled.push(await scheduler.cancelTimer('p', 't', 'k'));
    return cancelled.length === 1 ? { how: 'error', message: 'no' } : DONE;
  });
  scheduler.start();
  await scheduler.setTimer('p', 't', 'k', clock.now(), null);
  await clock.advance(HOUR);
  expect(cancelled).toEqual([false, false]);
});

it('a run that is cut off after a new version came is begun there at once', async () => {
  const { clock, scheduler } = await world();
  const old = deferred<RunOutcome>();
  scheduler.register('p', hourly, () => old.promise);
  scheduler.start();
  await clock.advance(HOUR);
  const seen: JobRun[] = [];
  scheduler.register('p', hourly, async (run) => {
    seen.push(run);
    return DONE;
  });
  await clock.advance(1_000);
  expect(seen).toEqual([]);
  old.resolve({ how: 'cut' });
  await clock.advance(1_000);
  expect(seen).toMatchObject([{ redelivered: true, attempt: 2 }]);
});
