import fc from 'fast-check';
import { createTask, type ScheduledTask } from 'node-cron';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClockChanges, CronSchedule } from './cron.ts';
import { Zone } from './zone.ts';

const USUAL: ClockChanges = { gap: 'shift', fold: 'first' };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Havana',
  'Asia/Beirut',
  'America/Sao_Paulo',
  'Pacific/Chatham',
];

/** Runs in [from, to), as ISO texts in UTC. */
function runs(
  cron: string,
  zone: string,
  from: string,
  to: string,
  changes: Partial<ClockChanges> = {},
): string[] {
  const schedule = new CronSchedule(cron, zone, { ...USUAL, ...changes });
  const found: string[] = [];
  let at = schedule.next(Date.parse(from) - 1);
  while (at !== undefined && at < Date.parse(to)) {
    found.push(new Date(at).toISOString().replace('.000Z', 'Z'));
    at = schedule.next(at);
  }
  return found;
}

describe("node-cron's own matcher agrees", () => {
  let task: ScheduledTask | undefined;
  afterEach(() => void task?.destroy());

  const number = (min: number, max: number) => fc.integer({ min, max }).map(String);
  const field = (min: number, max: number) =>
    fc.oneof(
      fc.constant('*'),
      number(min, max),
      fc.tuple(number(min, max), number(min, max)).map((pair) => pair.join('-')),
      fc.integer({ min: 2, max: max - min }).map((step) => `*/${step}`),
      fc.array(number(min, max), { minLength: 2, maxLength: 4 }).map((list) => list.join(',')),
    );
  const day = fc.oneof(
    { arbitrary: field(1, 31), weight: 3 },
    fc.constantFrom('L', 'L-3', '15W', '1W', '31W', 'LW', '?'),
  );
  const weekday = fc.oneof(
    { arbitrary: fc.constant('*'), weight: 3 },
    field(0, 7),
    fc.constantFrom('5L', '1#2', '0#5', 'mon-fri', 'sat,7L'),
  );
  const expression = fc
    .tuple(field(0, 59), field(0, 23), day, field(1, 12), weekday)
    .map((fields) => fields.join(' '));

  /** Instants after which the clocks of the zone are left alone for two days, and were for two days before. */
  const quiet = (zone: string, at: number) => {
    const offset = Zone.of(zone).offsetAt(at - 2 * DAY);
    return [-1, 0, 1, 2].every((days) => Zone.of(zone).offsetAt(at + days * DAY) === offset);
  };

  it.each(ZONES)('every run matches and no minute that matches is left out: %s', (zone) => {
    fc.assert(
      fc.property(
        expression,
        fc.integer({ min: Date.parse('2024-01-01Z') / 60_000, max: Date.parse('2032-01-01Z') / 60_000 }),
        (cron, minute) => {
          const schedule = makeOrSkip(cron, zone);
          if (schedule === undefined) return;
          task = createTask(cron, () => {}, { timezone: zone });
          try {
            const start = minute * 60_000;
            const next = schedule.next(start - 1);
            fc.pre(next !== undefined && quiet(zone, next));
            expect(task.match(new Date(next))).toBe(true);
            // The two hours before the run, and a few days when it is soon.
            for (let at = next - 120 * 60_000; at < next; at += 60_000)
              if (at >= start && quiet(zone, at)) expect(task.match(new Date(at))).toBe(false);
            for (let at = start; at < Math.min(next, start + DAY); at += 7 * 60_000)
              if (quiet(zone, at)) expect(task.match(new Date(at))).toBe(false);
          } finally {
            void task.destroy();
          }
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('of each minute of a week it yields exactly those that match', () => {
    const start = Date.parse('2026-06-01T00:00:00Z');
    for (const cron of ['*/7 3-5 * * 1,3', '0 9 1-7 * mon', '59 23 L * *', '5 22-2 * * *']) {
      task = createTask(cron, () => {}, { timezone: 'America/New_York' });
      const schedule = new CronSchedule(cron, 'America/New_York', USUAL);
      const matching: number[] = [];
      for (let at = start; at < start + 7 * DAY; at += 60_000)
        if (task.match(new Date(at))) matching.push(at);
      const yielded: number[] = [];
      for (let at = schedule.next(start - 1)!; at < start + 7 * DAY; at = schedule.next(at)!)
        yielded.push(at);
      expect(yielded).toEqual(matching);
      void task.destroy();
    }
  });

  it('runs by elapsed time are all that match, on days of change too', () => {
    for (const zone of ZONES) {
      for (const cron of ['*/20 * * * *', '15 0-23 * * *']) {
        task = createTask(cron, () => {}, { timezone: zone });
        const schedule = new CronSchedule(cron, zone, USUAL);
        for (const start of changesOf(zone, 2026)) {
          const from = start - DAY;
          const matching: number[] = [];
          for (let at = from; at < from + 2 * DAY; at += 60_000)
            if (task.match(new Date(at))) matching.push(at);
          const yielded: number[] = [];
          for (let at = schedule.next(from - 1)!; at < from + 2 * DAY; at = schedule.next(at)!)
            yielded.push(at);
          expect(yielded).toEqual(matching);
        }
        void task.destroy();
      }
    }
  });
});

describe('clock changes', () => {
  it('runs of any policy only ever come later, and none is lost for want of looking back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.constantFrom(
          '30 2 * * *',
          '*/15 0-3 * * *',
          '0 0 * * *',
          '30 23 * * *',
          '10 1 * * 0',
          '15 */2 * * *',
        ),
        fc.constantFrom<ClockChanges['gap']>('shift', 'skip'),
        fc.constantFrom<ClockChanges['fold']>('first', 'second', 'both'),
        fc.integer({ min: 0, max: 2 * DAY }),
        (zone, cron, gap, fold, ago) => {
          const schedule = new CronSchedule(cron, zone, { gap, fold });
          for (const change of changesOf(zone, 2026)) {
            // From anywhere before, the same runs are found.
            const whole = until(schedule, change - 2 * DAY, change + DAY);
            const part = until(schedule, change - ago, change + DAY);
            expect(part).toEqual(whole.filter((at) => at > change - ago));
            expect([...whole].sort((a, b) => a - b)).toEqual(whole);
            expect(new Set(whole).size).toBe(whole.length);
          }
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it('a gap at midnight shifts to the first moment of the day', () => {
    expect(runs('0 0 * * *', 'America/Havana', '2026-03-08T00:00Z', '2026-03-09T12:00Z')).toEqual([
      '2026-03-08T05:00:00Z',
      '2026-03-09T04:00:00Z',
    ]);
    expect(runs('30 0 * * *', 'Asia/Beirut', '2026-03-28T12:00Z', '2026-03-30T00:00Z')).toEqual([
      '2026-03-28T22:00:00Z',
      '2026-03-29T21:30:00Z',
    ]);
  });

  it('several times of day in one gap are one run', () => {
    expect(runs('*/10 2 * * *', 'Europe/Berlin', '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T01:00:00Z',
    ]);
    expect(runs('0,30 2-3 * * *', 'Europe/Berlin', '2026-03-29T00:00Z', '2026-03-29T12:00Z')).toEqual([
      '2026-03-29T01:00:00Z',
      '2026-03-29T01:30:00Z',
    ]);
  });

  it('a day that a zone leaves out altogether is a gap too', () => {
    expect(runs('0 12 30 12 *', 'Pacific/Apia', '2011-12-01T00:00Z', '2012-01-31T00:00Z')).toEqual([
      '2011-12-30T10:00:00Z',
    ]);
  });
});

describe('expressions', () => {
  it('the day of the month and the weekday must both match', () => {
    expect(runs('0 9 1 * 1', 'UTC', '2026-10-10T00:00Z', '2027-07-01T00:00Z')).toEqual([
      '2027-02-01T09:00:00Z',
      '2027-03-01T09:00:00Z',
    ]);
  });

  it('reads six fields, names and nicknames', () => {
    expect(runs('*/30 59 23 31 dec *', 'UTC', '2026-01-01T00:00Z', '2027-01-01T00:00Z')).toEqual([
      '2026-12-31T23:59:00Z',
      '2026-12-31T23:59:30Z',
    ]);
    expect(runs('@weekly', 'UTC', '2026-01-01T00:00Z', '2026-01-06T00:00Z')).toEqual([
      '2026-01-04T00:00:00Z',
    ]);
  });

  it('jumps to what is far away: 29 February on a Monday', () => {
    expect(runs('0 0 29 2 1', 'Europe/Berlin', '2025-01-01T00:00Z', '2072-04-01T00:00Z')).toEqual([
      '2044-02-28T23:00:00Z',
      '2072-02-28T23:00:00Z',
    ]);
  });

  it.each([
    ['0 0 30 2 *', /impossible|never/],
    ['0 0 31 4,6 *', /impossible|never/],
    ['0 0 1 * 1#2', /never comes/],
    ['0 0 L-30 2 *', /never comes/],
    ['61 * * * *', /"61" is no minute/],
    ['* 24 * * *', /"24" is no hour/],
    ['* * * * 8', /"8" is no weekday/],
    ['* * *', /5 or 6 fields/],
    ['', /cron ""/],
    ['0-999999999 * * * *', /above 99/],
    ['0 0 * * * ; rm', /./],
    [`${'1,'.repeat(200)}1 * * * *`, /so many parts/],
  ])('refuses %j', (cron, why) => {
    expect(() => new CronSchedule(cron, 'UTC', USUAL)).toThrow(why);
    expect(() => new CronSchedule(cron, 'UTC', USUAL)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it.each(['Europe/Berlim', '+02:00', '', 'local'])('refuses the time zone %j', (zone) => {
    expect(() => new CronSchedule('* * * * *', zone, USUAL)).toThrow(/is no time zone/);
  });

  it('never throws anything but a refusal, whatever it is given', () => {
    const text = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('*', '/', '-', ',', '#', 'L', 'W', '1', '9', ' ', 'mon', '?'), {
          maxLength: 24,
        })
        .map((parts) => parts.join('')),
      fc
        .array(fc.constantFrom('*', '0', '5-1', '*/0', '1/2', '-', 'L', '9W', '#', '7#9', '8L'), {
          minLength: 5,
          maxLength: 6,
        })
        .map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(text, (cron) => {
        try {
          const next = new CronSchedule(cron, 'Europe/Berlin', USUAL).next(0);
          expect(next === undefined || next > 0).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' });
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

function makeOrSkip(cron: string, zone: string): CronSchedule | undefined {
  try {
    return new CronSchedule(cron, zone, USUAL);
  } catch {
    return undefined;
  }
}

function until(schedule: CronSchedule, after: number, to: number): number[] {
  const found: number[] = [];
  for (let at = schedule.next(after); at !== undefined && at < to; at = schedule.next(at)) found.push(at);
  return found;
}

/** Instants at which the clocks of a zone are changed in a year. */
function changesOf(zone: string, year: number): number[] {
  const found: number[] = [];
  let at = Date.UTC(year, 0, 1);
  while (at < Date.UTC(year + 1, 0, 1)) {
    const { end, offset, after } = Zone.of(zone).segmentAt(at);
    if (offset !== after && end < Date.UTC(year + 1, 0, 1)) found.push(end);
    at = end;
  }
  return found;
}
