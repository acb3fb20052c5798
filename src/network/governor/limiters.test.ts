import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS, LimitError, resolveLimits } from './limits.ts';
import { RepeatGuard } from './repeat-guard.ts';
import { TokenBucket } from './token-bucket.ts';
import { DistinctWindow, SlidingWindow } from './window.ts';

describe('TokenBucket', () => {
  it('gives its burst at once and then one token per interval', () => {
    const bucket = new TokenBucket(3, 1000);
    for (let i = 0; i < 3; i++) {
      expect(bucket.wait(0)).toBe(0);
      bucket.take(0);
    }
    expect(bucket.wait(0)).toBe(1000);
    expect(bucket.wait(400)).toBe(600);
    expect(bucket.available(2500)).toBe(2);
    expect(bucket.available(9999)).toBe(3);
  });

  it('never lets more than burst plus rate through, over restarts too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.array(fc.record({ pause: fc.nat(5000), restart: fc.boolean() }), { maxLength: 200 }),
        (capacity, every, steps) => {
          let bucket = new TokenBucket(capacity, every);
          let now = 0;
          const taken: number[] = [];
          for (const { pause, restart } of steps) {
            now += pause;
            if (restart) {
              const ahead = bucket.ahead(now);
              bucket = new TokenBucket(capacity, every);
              bucket.resume(now, ahead);
            }
            if (bucket.wait(now) > 0) continue;
            bucket.take(now);
            taken.push(now);
          }
          for (let i = 0; i < taken.length; i++) {
            for (let j = i; j < taken.length; j++) {
              expect(j - i + 1).toBeLessThanOrEqual(capacity + (taken[j]! - taken[i]!) / every + 1e-6);
            }
          }
        },
      ),
    );
  });
});

describe('SlidingWindow', () => {
  it('never holds more than its maximum in any span', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(400), { maxLength: 200 }),
        (max, pauses) => {
          const window = new SlidingWindow(max, 1000);
          let now = 0;
          const taken: number[] = [];
          for (const pause of pauses) {
            now += pause;
            const wait = window.wait(now);
            if (wait > 0) {
              // The wait that it states is right to the millisecond.
              expect(window.wait(now + wait - 1)).toBe(1);
              const later = new SlidingWindow(max, 1000);
              later.resume(
                now + wait,
                window.ages(now).map((age) => age + wait),
              );
              expect(later.wait(now + wait)).toBe(0);
              continue;
            }
            window.take(now);
            taken.push(now);
          }
          for (const from of taken)
            expect(taken.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(max);
        },
      ),
    );
  });
});

describe('DistinctWindow', () => {
  it('counts keys, not uses', () => {
    const window = new DistinctWindow(2, 1000);
    window.take(0, 'a');
    window.take(10, 'b');
    window.take(500, 'a');
    expect(window.wait(600, 'a')).toBe(0);
    // The second newest use of another key, b at 10, has to leave the window first.
    expect(window.wait(600, 'c')).toBe(410);
    const copy = new DistinctWindow(2, 1000);
    copy.resume(5000, window.ages(600));
    expect(copy.wait(5000, 'c')).toBe(410);
  });
});

/** As it comes back from the disk. */
const copyOf = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const say = (guard: RepeatGuard, at: number, hash: string) => {
  guard.take(at, 'indie', hash);
  guard.confirm('indie', hash);
};

describe('RepeatGuard', () => {
  it('does not take a line that was never said for one that breaks a row', () => {
    const guard = new RepeatGuard({ gapMs: 60_000, run: 2, runMs: Number.POSITIVE_INFINITY });
    say(guard, 0, 'a');
    say(guard, 60_000, 'a');
    // Reserved, and then the process died.
    guard.take(70_000, 'indie', 'b');
    const again = new RepeatGuard({ gapMs: 60_000, run: 2, runMs: Number.POSITIVE_INFINITY });
    again.resume(0, copyOf(guard.ages(70_000)));
    expect(again.refusal(9e9, 'indie', 'a')).toMatch(/in a row/);
    // Nor for one that was not: if it was said, one more is a row of three.
    again.take(1e9, 'indie', 'b');
    expect(again.refusal(9e9, 'indie', 'b')).toMatch(/in a row/);
  });

  it('refuses a text too soon, and too often in a row however late', () => {
    const guard = new RepeatGuard({ gapMs: 60_000, run: 2, runMs: Number.POSITIVE_INFINITY });
    say(guard, 0, 'a');
    expect(guard.refusal(59_999, 'indie', 'a')).toMatch(/less than 60 s/);
    expect(guard.refusal(59_999, 'jazz', 'a')).toBeUndefined();
    expect(guard.refusal(60_000, 'indie', 'a')).toBeUndefined();
    say(guard, 60_000, 'a');
    expect(guard.refusal(9e9, 'indie', 'a')).toMatch(/3 times in a row/);
    say(guard, 9e9, 'b');
    expect(guard.refusal(9e9, 'indie', 'a')).toBeUndefined();
  });

  it('remembers over a restart', () => {
    const guard = new RepeatGuard({ gapMs: 60_000, run: 2, runMs: Number.POSITIVE_INFINITY });
    say(guard, 0, 'a');
    say(guard, 60_000, 'a');
    const again = new RepeatGuard({ gapMs: 60_000, run: 2, runMs: Number.POSITIVE_INFINITY });
    again.resume(500, copyOf(guard.ages(61_000)));
    expect(again.refusal(9e9, 'indie', 'a')).toMatch(/in a row/);
  });
});

describe('resolveLimits', () => {
  it('takes lower values, and refuses those above a ceiling or below a floor without the flag', () => {
    expect(resolveLimits({ roomLine: { perMinute: 5 } }).roomLine.perMinute).toBe(5);
    expect(() => resolveLimits({ search: { max: 35 } })).toThrow(LimitError);
    expect(() => resolveLimits({ search: { gapSeconds: 1 } })).toThrow(/search\.gapSeconds.*floor/);
    expect(resolveLimits({ search: { max: 35 }, allowAboveCeiling: true }).search.max).toBe(35);
  });

  it('refuses nonsense and unknown names whatever the flag', () => {
    const allowAboveCeiling = true;
    for (const perMinute of [0, -1, Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
      expect(() => resolveLimits({ roomLine: { perMinute }, allowAboveCeiling })).toThrow(LimitError);
    }
    expect(() => resolveLimits({ roomLines: {} } as never)).toThrow(/no limit roomLines/);
    expect(() => resolveLimits({ roomLine: { speed: 1 } } as never)).toThrow(/no limit roomLine\.speed/);
  });

  it('has defaults within their own bounds', () => {
    expect(() => resolveLimits()).not.toThrow();
    for (const group of Object.values(LIMITS))
      for (const spec of Object.values(group)) expect(spec.about).not.toBe('');
  });
});
