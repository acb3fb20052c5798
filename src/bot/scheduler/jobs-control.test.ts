import { describe, expect, it } from 'vitest';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import { jobsCommand } from './jobs-command.ts';
import { controlJobs } from './jobs-control.ts';
import type { DeadLetter, JobInfo, JobsReport } from './jobs-report.ts';
import { deadLine, jobLine, jobsInShort } from './jobs-text.ts';
import { Zone } from './zone.ts';

const NOW = Date.parse('2026-03-28T12:00:00Z');
const HOUR = 3_600_000;

const daily: JobInfo = {
  instance: 'seen',
  kind: 'job',
  id: 'daily',
  when: '0 20 * * * Europe/Berlin',
  next: NOW + 7 * HOUR,
  timers: 0,
  runs: [],
  missed: 0,
  orphaned: false,
};
const dead: DeadLetter = {
  run: 'r1',
  instance: 'remind',
  kind: 'timer',
  id: 'reminder',
  key: 'al/1',
  due: NOW,
  at: NOW,
  attempts: 5,
  error: 'no luck',
};
const report = (jobs: readonly JobInfo[], letters: readonly DeadLetter[] = []): JobsReport => ({
  at: NOW,
  timezone: 'Europe/Berlin',
  jobs,
  dead: letters,
  deadCount: letters.length,
});
const line = (job: Partial<JobInfo>) => jobLine({ ...daily, ...job }, report([]));

describe('a job in words', () => {
  it.each<[Partial<JobInfo>, string]>([
    [{}, 'next in 7h (2026-03-28 20:00 Europe/Berlin); never ran yet'],
    [
      { last: { due: NOW, at: NOW - 26 * HOUR, ms: 120, how: 'done' } },
      'next in 7h (2026-03-28 20:00 Europe/Berlin); last ok 1d2h ago, took 120ms',
    ],
    [
      {
        last: { due: NOW, at: NOW, ms: 0, how: 'error', detail: 'no luck' },
        skipped: { due: NOW - HOUR, why: 'overlap' },
        runs: [{ run: 'r', due: NOW, at: NOW + 90_000, begun: false, attempt: 2, error: 'no luck' }],
      },
      'next in 7h (2026-03-28 20:00 Europe/Berlin); tried again in 1m30s (attempt 2 failed: no luck); ' +
        'last failed (no luck) just now, took 0s; left out 2026-03-28 12:00 Europe/Berlin: the last run was still going on',
    ],
    [
      { runs: [{ run: 'r', due: NOW, at: NOW, begun: true, attempt: 1 }] },
      'next in 7h (2026-03-28 20:00 Europe/Berlin); under way; never ran yet',
    ],
    [
      { orphaned: true, orphanedAt: NOW - 24 * HOUR },
      'no plugin registers it, forgotten in 4w1d; never ran yet',
    ],
  ])('%#', (job, words) => {
    expect(line(job)).toBe(`seen/daily (0 20 * * * Europe/Berlin): ${words}`);
  });

  it('that never comes again, and timers', () => {
    const never: JobInfo = { ...daily };
    Reflect.deleteProperty(never, 'next');
    expect(jobLine(never, report([]))).toContain(': never again; ');
    const timers = { ...never, kind: 'timer', id: 'reminder', when: 'timers' } as const;
    expect(jobLine({ ...timers, timers: 2, next: NOW - 1 }, report([]))).toContain(
      '(timers): 2 set, next now (',
    );
    expect(jobLine(timers, report([]))).toContain('(timers): 0 set; ');
    expect(deadLine(dead, Zone.of('UTC'))).toBe(
      'given up: remind/reminder "al/1", due 2026-03-28 12:00 UTC, after 5 attempts: no luck [r1]',
    );
  });
});

describe('!jobs', () => {
  const room = { name: 'indie' } as RoomRef;
  const ask = (all: JobsReport, where?: RoomRef) =>
    jobsCommand({ report: async () => all }).run({
      id: 'i',
      user: 'meg',
      args: {},
      roles: new Set(['mod']),
      at: NOW,
      replayed: false,
      redelivered: false,
      ...(where && { room: where }),
    });

  it('is one line in a room', async () => {
    const jobs = [5, 4, 3, 2].map((hours) => ({ ...daily, id: `in${hours}`, next: NOW + hours * HOUR }));
    const failed = { ...daily, id: 'late', last: { due: NOW, at: NOW, ms: 1, how: 'error' } } as const;
    expect((await ask(report([...jobs, failed], [dead]), room)).lines).toEqual([
      'Next: seen/in2 in 2h, seen/in3 in 3h, seen/in4 in 4h; 2 more; 1 failed the last time; 1 given up',
    ]);
    expect(jobsInShort(report([]), 3)).toBe('Nothing is due.');
  });

  it('is everything in private, up to a bound', async () => {
    expect((await ask(report([]))).lines).toEqual(['No plugin runs anything by the clock.']);
    const { lines } = await ask(report(Array<JobInfo>(25).fill(daily), Array<DeadLetter>(7).fill(dead)));
    expect(lines).toHaveLength(20 + 1 + 5 + 1);
    expect(lines[20]).toBe('and 5 more: seekeeper jobs');
  });
});

describe('the control socket', () => {
  const done: string[] = [];
  const scheduler = {
    report: async () => report([daily]),
    retry: async (run: string) => run === 'r1',
    discard: async (run: string) => run === 'r1',
    runNow: async (instance: string, id: string) => {
      done.push(`${instance} ${id}`);
      return id === 'a/b' ? 'r2' : undefined;
    },
  };

  it('answers in words', async () => {
    expect(await controlJobs(scheduler, { act: 'list' })).toEqual({ report: report([daily]) });
    expect(await controlJobs(scheduler, { act: 'retry', name: 'r1' })).toEqual({
      ok: true,
      text: 'r1 is tried again',
    });
    expect(await controlJobs(scheduler, { act: 'discard', name: 'x' })).toEqual({
      ok: false,
      text: 'no run "x" was given up',
    });
    expect(await controlJobs(scheduler, { act: 'run', name: 'p/a/b' })).toEqual({
      ok: true,
      text: 'p/a/b runs now [r2]',
    });
    expect(await controlJobs(scheduler, { act: 'run', name: 'daily' })).toMatchObject({ ok: false });
    expect(done).toEqual(['p a/b']);
  });

  it.each([undefined, {}, { act: 'drop', name: 'x' }, { act: 'retry' }, { act: 'run', name: 5 }])(
    'refuses %j',
    async (args) => {
      await expect(controlJobs(scheduler, args)).rejects.toMatchObject({ code: 'protocol' });
    },
  );
});
