import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Hold } from '../clock.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('time', () => {
  test('starts where it is told and moves only by advance', async () => {
    const clock = new VirtualClock({ startAt: 1_000_000 });
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_000, 0]);
    await clock.advance(250.5);
    expect([clock.now(), clock.monotonic()]).toEqual([1_000_250.5, 250.5]);
    await clock.advanceTo(1_002_000);
    expect(clock.now()).toBe(1_002_000);
    await clock.settle();
    expect(clock.now()).toBe(1_002_000);
  });

  test('the wall clock can jump without moving timers', async () => {
    const clock = new VirtualClock({ startAt: 1000 });
    const fired: number[] = [];
    clock.setTimeout(() => fired.push(clock.now()), 100);
    clock.jumpWallClock(-500);
    expect(clock.now()).toBe(500);
    expect(clock.nextDue).toBe(600);
    await clock.advance(100);
    expect([fired, clock.monotonic()]).toEqual([[600], 100]);
  });

  test('going back, or by no number at all, is refused', async () => {
    const clock = new VirtualClock();
    for (const ms of [-1, Number.NaN, Infinity]) await expect(clock.advance(ms)).rejects.toThrow(RangeError);
    await expect(clock.advanceTo(clock.now() - 1)).rejects.toThrow(RangeError);
    expect(() => clock.setTimeout(() => {}, Number.NaN)).toThrow(RangeError);
  });

  test('a timer that is never due stays pending', async () => {
    const clock = new VirtualClock();
    clock.setTimeout(() => expect.unreachable(), Infinity);
    await clock.advance(1e15);
    expect(clock.pending).toBe(1);
  });
});

describe('order', () => {
  test('by due time, then by insertion; the last instant counts', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const at = (name: string, ms: number) =>
      clock.setTimeout(() => log.push(`${name}@${clock.monotonic()}`), ms);
    at('c', 20);
    at('a', 10);
    at('d', 20);
    at('b', 10);
    at('z', -5);
    at('late', 20.001);
    await clock.advance(20);
    expect(log).toEqual(['z@0', 'a@10', 'b@10', 'c@20', 'd@20']);
    expect(clock.pending).toBe(1);
  });

  test('timers set by timers: no delay means this instant, after those already due', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    clock.setTimeout(() => {
      log.push('first');
      clock.setTimeout(() => log.push(`nested ${clock.monotonic()}`), 0);
      clock.setTimeout(() => log.push(`later ${clock.monotonic()}`), 5);
    }, 10);
    clock.setTimeout(() => log.push('second'), 10);
    await clock.advance(10);
    expect(log).toEqual(['first', 'second', 'nested 10']);
    await clock.advance(5);
    expect(log.at(-1)).toBe('later 15');
  });

  test('promise chains end between two timers of one instant', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    for (let i = 0; i < 20; i++) {
      clock.setTimeout(() => {
        log.push(`timer ${i}`);
        const chain = async () => {
          for (let j = 0; j < 50; j++) await Promise.resolve();
          await new Promise<void>((resolve) => process.nextTick(resolve));
          log.push(`chain ${i}`);
        };
        void chain();
      }, 1);
    }
    await clock.advance(1);
    expect(log).toEqual(Array.from({ length: 20 }, (_, i) => [`timer ${i}`, `chain ${i}`]).flat());
  });

  test('immediates set by callbacks and by their chains run before time moves', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    clock.setTimeout(() => {
      setImmediate(() => log.push(`immediate ${clock.monotonic()}`));
      void Promise.resolve().then(() => setImmediate(() => log.push(`chained ${clock.monotonic()}`)));
    }, 1);
    clock.setTimeout(() => log.push('next'), 2);
    await clock.advance(2);
    expect(log).toEqual(['immediate 1', 'chained 1', 'next']);
  });

  test('what the caller started before advance runs first', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const sleeper = async () => {
      await Promise.resolve();
      clock.setTimeout(() => log.push('woken'), 10);
    };
    void sleeper();
    await clock.advance(10);
    expect(log).toEqual(['woken']);
  });

  test('the clock reads the due time in each callback', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 50 }),
        async (delays) => {
          const clock = new VirtualClock({ startAt: 0 });
          await clock.advance(0.1);
          for (const delay of delays) {
            const due = clock.monotonic() + delay;
            clock.setTimeout(() => expect(clock.monotonic()).toBe(due), delay);
          }
          await clock.advance(2e9);
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  test('fires what a naive model fires, with cancellations and nested timers', async () => {
    const step = fc.record({
      delay: fc.integer({ min: 0, max: 6 }),
      /** Timers set when this one fires. */
      nested: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      /** The timer, by number, cancelled when this one fires. */
      cancels: fc.option(fc.nat({ max: 200 }), { nil: undefined }),
      cancelledAtOnce: fc.boolean(),
    });
    const plan = fc.record({
      steps: fc.array(step, { maxLength: 60 }),
      advances: fc.array(fc.nat({ max: 8 })),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ steps, advances }) => {
        const real = await runOnClock(steps, advances);
        const model = runOnModel(steps, advances);
        expect(real).toEqual(model);
      }),
      { numRuns: 300 },
    );
  });
});

interface Step {
  delay: number;
  nested: number[];
  cancels: number | undefined;
  cancelledAtOnce: boolean;
}

/** The same scenario on anything that has timers. */
function scenario(
  steps: Step[],
  set: (run: () => void, delay: number) => { cancel(): void },
  now: () => number,
) {
  const log: string[] = [];
  const timers: { cancel(): void }[] = [];
  const add = (delay: number, onFire: () => void) => {
    const id = timers.length;
    timers.push(
      set(() => {
        log.push(`${id}@${now()}`);
        onFire();
      }, delay),
    );
    return id;
  };
  for (const step of steps) {
    const id = add(step.delay, () => {
      for (const delay of step.nested) add(delay, () => {});
      if (step.cancels !== undefined) timers[step.cancels]?.cancel();
    });
    if (step.cancelledAtOnce && id % 3 === 0) timers[id]?.cancel();
  }
  return log;
}

async function runOnClock(steps: Step[], advances: number[]) {
  const clock = new VirtualClock();
  const log = scenario(
    steps,
    (run, delay) => clock.setTimeout(run, delay),
    () => clock.monotonic(),
  );
  for (const ms of advances) await clock.advance(ms);
  return { log, pending: clock.pending, now: clock.monotonic() };
}

function runOnModel(steps: Step[], advances: number[]) {
  let now = 0;
  let timers: { due: number; run: () => void }[] = [];
  const log = scenario(
    steps,
    (run, delay) => {
      const timer = { due: now + delay, run };
      timers.push(timer);
      const cancel = () => {
        timers = timers.filter((other) => other !== timer);
      };
      return { cancel };
    },
    () => now,
  );
  for (const ms of advances) {
    const target = now + ms;
    for (;;) {
      const next = timers.reduce<(typeof timers)[0] | undefined>(
        (best, timer) => (best === undefined || timer.due < best.due ? timer : best),
        undefined,
      );
      if (next === undefined || next.due > target) break;
      timers = timers.filter((other) => other !== next);
      now = next.due;
      next.run();
    }
    now = target;
  }
  return { log, pending: timers.length, now };
}

describe('cancelling', () => {
  test('works before, during and after, and twice', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const before = clock.setTimeout(() => log.push('before'), 1);
    const second = { cancel: () => {} };
    const first = clock.setTimeout(() => {
      log.push('first');
      first.cancel();
      second.cancel();
    }, 2);
    Object.assign(
      second,
      clock.setTimeout(() => log.push('kept'), 2),
    );
    const victim = clock.setTimeout(() => log.push('victim'), 2);
    second.cancel = () => victim.cancel();
    before.cancel();
    before.cancel();
    expect(clock.pending).toBe(3);
    await clock.advance(5);
    first.cancel();
    expect(log).toEqual(['first', 'kept']);
    expect(clock.pending).toBe(0);
  });
});

describe('holds', () => {
  test('time stands still until all are released, in whatever order', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const holds: Hold[] = [];
    clock.setTimeout(() => {
      holds.push(clock.hold('a'), clock.hold('b'), clock.hold('c'));
      log.push('held');
    }, 1);
    clock.setTimeout(() => log.push('same instant'), 1);
    clock.setTimeout(() => log.push('next instant'), 2);
    const advancing = clock.advance(10);
    await turns(20);
    expect(log).toEqual(['held']);
    expect(clock.holding).toEqual(['a', 'b', 'c']);
    for (const i of [2, 0]) {
      holds[i]!.release();
      holds[i]!.release();
      await turns(5);
      expect(log).toEqual(['held']);
    }
    holds[1]!.release();
    // The continuation of the held work sets a timer; it must be in time for the same instant.
    await Promise.resolve();
    clock.setTimeout(() => log.push(`continued @${clock.monotonic()}`), 0);
    await advancing;
    expect(log).toEqual(['held', 'same instant', 'continued @1', 'next instant']);
    expect(clock.now() - Date.UTC(2026, 0, 1)).toBe(10);
  });

  test('one taken among many timers of one instant stops the rest of them', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    let hold: Hold | undefined;
    for (let i = 0; i < 100; i++) {
      clock.setTimeout(() => {
        fired.push(i);
        if (i === 40) hold = clock.hold('work');
      }, 1);
    }
    const advancing = clock.advance(1);
    await turns(50);
    expect(fired).toHaveLength(41);
    hold?.release();
    await advancing;
    expect(fired).toHaveLength(100);
  });

  test('one taken before advance counts, one taken and released at once does not', async () => {
    const clock = new VirtualClock();
    clock.hold('nothing').release();
    const hold = clock.hold('work');
    const fired: number[] = [];
    clock.setTimeout(() => fired.push(1), 0);
    const settling = clock.settle();
    await turns(10);
    expect(fired).toEqual([]);
    hold.release();
    await settling;
    expect(fired).toEqual([1]);
  });

  test('work that goes from hold to hold keeps time standing', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const work = async () => {
      for (let i = 0; i < 5; i++) {
        const hold = clock.hold(`stage ${i}`);
        await turns(3);
        hold.release();
        await Promise.resolve();
      }
      log.push(`work @${clock.monotonic()}`);
    };
    clock.setTimeout(() => void work(), 1);
    clock.setTimeout(() => log.push('later'), 2);
    await clock.advance(2);
    expect(log).toEqual(['work @1', 'later']);
  });

  test('one that is never released is named, and the clock can go on after its release', async () => {
    const clock = new VirtualClock({ stuckAfterMs: 1 });
    const hold = clock.hold('unzipping the list of Ann');
    clock.hold('another').release();
    await expect(clock.advance(5)).rejects.toThrow(/1 ms of real time for: "unzipping the list of Ann"$/);
    expect(clock.monotonic()).toBe(0);
    hold.release();
    await clock.advance(5);
    expect(clock.monotonic()).toBe(5);
  });
});

describe('failures', () => {
  test('what a timer throws rejects advance; the others are still to come', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const boom = new Error('boom');
    for (let i = 0; i < 10; i++) {
      clock.setTimeout(() => {
        if (i === 4) throw boom;
        log.push(`${i}`);
      }, 1);
    }
    await expect(clock.advance(3)).rejects.toBe(boom);
    expect(log.join('')).toBe('0123');
    expect(clock.monotonic()).toBe(1);
    expect(clock.pending).toBe(5);
    await clock.settle();
    expect(log.join('')).toBe('012356789');
  });

  test('after a failure the next advance neither skips nor doubles anything', async () => {
    const clock = new VirtualClock();
    const log: number[] = [];
    for (let i = 0; i < 200; i++) {
      clock.setTimeout(() => {
        log.push(i);
        if (i % 7 === 0) throw new Error('boom');
      }, i >> 5);
    }
    let failures = 0;
    while (clock.pending > 0) {
      await clock.advance(1).catch(() => failures++);
    }
    expect(log).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(failures).toBe(29);
  });

  test('an advance right after a failure lets chains and immediates end, as any other', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    clock.setTimeout(() => {
      throw new Error('boom');
    }, 1);
    clock.setTimeout(() => {
      void Promise.resolve().then(() => setImmediate(() => log.push(`immediate @${clock.monotonic()}`)));
    }, 2);
    clock.setTimeout(() => log.push('next'), 3);
    await clock.advance(5).catch(() => clock.advance(5));
    expect(log).toEqual(['immediate @2', 'next']);
  });

  test('a second advance is refused, from outside and from a timer', async () => {
    const clock = new VirtualClock();
    const refused: unknown[] = [];
    clock.setTimeout(() => void clock.advance(1).catch((error: unknown) => refused.push(error)), 1);
    const first = clock.advance(2);
    await expect(clock.settle()).rejects.toThrow('already running');
    await first;
    expect(refused).toHaveLength(1);
    expect(clock.monotonic()).toBe(2);
  });

  test('timers that never let time move are an error', async () => {
    const clock = new VirtualClock({ maxTimersPerInstant: 1000 });
    const again = () => void clock.setTimeout(again, 0);
    again();
    await expect(clock.advance(1)).rejects.toThrow('stands still');
  });
});

describe('runUntil and run', () => {
  test('stop at the instant when it is true', async () => {
    const clock = new VirtualClock();
    let n = 0;
    const tick = () => {
      n++;
      clock.setTimeout(tick, 10);
    };
    clock.setTimeout(tick, 10);
    await clock.runUntil(() => n === 3);
    expect([n, clock.monotonic()]).toEqual([3, 30]);
    await clock.runUntil(() => true, { timeoutMs: 0 });
    await expect(clock.runUntil(() => n > 5, { timeoutMs: 15 })).rejects.toThrow(
      /after 15 ms .* \(1 timers pending\)/,
    );
    expect([n, clock.monotonic()]).toEqual([4, 45]);
    await expect(clock.runUntil(() => JSON.parse('{') as boolean)).rejects.toThrow(SyntaxError);
    await clock.advance(5);
    expect(n).toBe(5);
  });

  test('run gives the result of work that needs time', async () => {
    const clock = new VirtualClock();
    const sleep = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
    const work = async () => {
      for (let i = 0; i < 3; i++) await sleep(1000);
      return clock.monotonic();
    };
    expect(await clock.run(work)).toBe(3000);
    expect(await clock.run(work())).toBe(6000);
    await expect(clock.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(clock.run(() => sleep(61_000))).rejects.toThrow('60000 ms');
  });
});

test('100,000 timers, most of them cancelled, fire in order', async () => {
  const clock = new VirtualClock();
  const due: number[] = [];
  const timers = Array.from({ length: 100_000 }, (_, i) => {
    const delay = (i * 7919) % 1000;
    return clock.setTimeout(() => due.push(delay), delay);
  });
  timers.forEach((timer, i) => {
    if (i % 4 !== 0) timer.cancel();
  });
  expect(clock.pending).toBe(25_000);
  await clock.advance(1000);
  expect(due).toHaveLength(25_000);
  expect(due.every((value, i) => i === 0 || due[i - 1]! <= value)).toBe(true);
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
