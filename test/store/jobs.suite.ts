import { expect, it } from 'vitest';
import { DEAD_KEEP_MS } from '../../src/bot/store/dead-letters.ts';
import { type JobKey, ORPHAN_KEEP_MS } from '../../src/bot/store/jobs.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

const job: JobKey = { instance: 'p', kind: 'job', id: 'daily' };
const kind: JobKey = { instance: 'p', kind: 'timer', id: 'remind' };
const nothing = { base: undefined, next: undefined };

describeEngines('durable time', (open) => {
  const start = async (): Promise<{ store: Store; clock: VirtualClock }> => {
    const clock = new VirtualClock();
    return { store: await openStore({ backend: await open(), clock, log: nullLog }), clock };
  };

  it('keeps a job, finds it again, and forgets it when nobody has wanted it for long', async () => {
    const { store, clock } = await start();
    const first = await store.jobs.adopt(job, { one: 1 }, (known) => {
      expect(known).toBeUndefined();
      return { base: 10, next: 15 };
    });
    expect(first).toEqual({ ...job, spec: { one: 1 }, base: 10, next: 15, missed: 0 });
    await store.jobs.adopt(kind, { attempts: 1 }, () => nothing);
    await store.timers.set(kind, { run: 'r', due: 1, key: 'k' }, 10);
    await store.jobs.tidy(({ id }) => id === 'remind');
    await clock.advance(ORPHAN_KEEP_MS - 1);
    expect(await store.jobs.tidy(() => false)).toEqual([]);
    expect((await store.jobs.list()).map(({ id, orphanedAt }) => [id, orphanedAt])).toEqual([
      ['daily', clock.now() - ORPHAN_KEEP_MS + 1],
      ['remind', clock.now()],
    ]);
    expect((await store.jobs.adopt(job, { two: 2 }, (known) => known!)).orphanedAt).toBeUndefined();
    await clock.advance(ORPHAN_KEEP_MS);
    expect(await store.jobs.tidy(({ id }) => id === 'daily')).toEqual([kind]);
    expect(await store.timers.get(kind, 'k')).toBeUndefined();
    expect((await store.jobs.list()).map(({ id, spec }) => [id, spec])).toEqual([['daily', { two: 2 }]]);
    await store.close();
  });

  it('runs of a job come one after the other; what is begun twice says so', async () => {
    const { store, clock } = await start();
    await store.jobs.adopt(job, {}, () => ({ base: 1, next: 1 }));
    const passed = { base: 5, next: 6, missed: 3, skipped: { due: 2, why: 'overlap' } };
    await store.jobRuns.pass(job, (waiting) => {
      expect(waiting).toBe(0);
      return {
        ...passed,
        runs: [
          { run: 'a', due: 1 },
          { run: 'b', due: 2, missed: 7 },
        ],
      };
    });
    await store.jobRuns.pass(job, (waiting) => {
      expect(waiting).toBe(2);
      return { ...passed, runs: [] };
    });
    expect((await store.jobs.list())[0]).toMatchObject(passed);
    const heads = () => store.jobRuns.heads('p', ['daily', 'other']);
    expect((await heads()).map(({ run, state }) => [run, state])).toEqual([['a', 'waiting']]);
    expect(await store.jobRuns.heads('p', [])).toEqual([]);
    const [begun] = await store.jobRuns.begin(['a']);
    expect(begun).toMatchObject({ run: 'a', attempt: 1, redelivered: false, state: 'begun' });
    expect(await store.jobRuns.begin(['a'])).toMatchObject([{ attempt: 2, redelivered: true }]);
    expect(await store.jobRuns.begin(['gone'])).toEqual([]);
    const last = { due: 1, at: clock.now(), ms: 5 };
    expect(await store.jobRuns.failed(begun!, { ...last, how: 'error', detail: 'no \0 luck' }, 99)).toBe(
      false,
    );
    expect(await heads()).toMatchObject([
      { run: 'a', at: 99, failures: 1, detail: 'no \0 luck', redelivered: true },
    ]);
    expect((await store.jobs.list())[0]!.last).toEqual({ ...last, how: 'error', detail: 'no \0 luck' });
    await store.jobRuns.done(begun!, { ...last, how: 'done' });
    expect((await store.jobs.list())[0]!.last).toEqual({ ...last, how: 'done' });
    expect(await heads()).toMatchObject([{ run: 'b', missed: 7 }]);
    await store.jobRuns.add(job, 'c');
    expect((await store.timers.unfinished(10)).map(({ run }) => run)).toEqual(['b', 'c']);
    await store.close();
  });

  it('timers: by key, by prefix, by time, and never more than may be', async () => {
    const { store } = await start();
    const keys = ['al/1', 'al/2', 'a%', '\u0001al/', 'al/\0', '🎵/1'];
    for (const [index, key] of keys.entries())
      expect(
        await store.timers.set(kind, { run: `r${index}`, due: 100 - index, key, payload: { key } }, 6),
      ).toBe(true);
    expect(await store.timers.set(kind, { run: 'more', due: 1, key: 'more' }, 6)).toBe(false);
    expect(await store.timers.set(kind, { run: 'moved', due: 500, key: 'al/1' }, 6)).toBe(true);
    const below = async (prefix: string) => (await store.timers.below(kind, prefix)).map(({ key }) => key);
    expect(await below('al/')).toEqual(['al/\0', 'al/2', 'al/1']);
    expect(await below('a%')).toEqual(['a%']);
    expect(await below('\u0001')).toEqual(['\u0001al/']);
    expect(await below('🎵')).toEqual(['🎵/1']);
    expect(await below('')).toHaveLength(6);
    expect(await store.timers.get(kind, 'al/\0')).toMatchObject({ payload: { key: 'al/\0' } });
    expect(await store.timers.counts()).toEqual([{ instance: 'p', id: 'remind', count: 6, next: 95 }]);
    const due = async (running: string[]) =>
      (await store.jobRuns.timers('p', ['remind'], running, 2)).map(({ run }) => run);
    expect(await due([])).toEqual(['r5', 'r4']);
    await store.jobRuns.begin(['r3']);
    expect(await due([])).toEqual(['r3', 'r5', 'r4']);
    expect(await due(['r3', 'r5'])).toEqual(['r4', 'r2']);
    expect(await store.timers.cancel(kind, '\u0001al/', new Set(['r3']))).toBe(false);
    expect(await store.timers.cancel(kind, '\u0001al/', new Set())).toBe(true);
    expect(await store.jobRuns.timers('p', [], [], 2)).toEqual([]);
    await store.close();
  });

  it('keeps what was given up until somebody decides, or nobody does for long', async () => {
    const { store, clock } = await start();
    await store.jobs.adopt(kind, {}, () => nothing);
    for (const run of ['a', 'b', 'c']) await store.timers.set(kind, { run, due: 1, key: run }, 10);
    const runs = await store.jobRuns.begin(['a', 'b', 'c']);
    const last = { due: 1, at: 2, ms: 3, how: 'error', detail: 'no' } as const;
    for (const run of runs.slice(0, 2)) expect(await store.jobRuns.failed(run, last, undefined)).toBe(true);
    await store.jobRuns.giveUp(runs[2]!, 'never ended');
    expect(await store.deadLetters.count()).toBe(3);
    expect((await store.deadLetters.list(2)).map(({ run, detail }) => [run, detail])).toEqual([
      ['b', 'no'],
      ['c', 'never ended'],
    ]);
    expect(await store.deadLetters.revive('a')).toMatchObject({
      state: 'waiting',
      attempt: 0,
      at: clock.now(),
    });
    expect(await store.deadLetters.revive('a')).toBeUndefined();
    expect(await store.deadLetters.discard('b')).toBe(true);
    expect(await store.deadLetters.discard('a')).toBe(false);
    await clock.advance(DEAD_KEEP_MS + 1);
    expect(await store.deadLetters.prune(10)).toBe(1);
    expect(await store.timers.get(kind, 'a')).toBeDefined();
    await store.close();
  });
});
