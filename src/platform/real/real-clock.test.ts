import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RealClock } from './real-clock.ts';

// Node's own timers are replaced: what is tested is what is asked of them, not how fast the machine is.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

test('reads the system clocks', () => {
  const clock = new RealClock();
  vi.setSystemTime(1_234_567);
  const before = clock.monotonic();
  vi.advanceTimersByTime(100);
  expect(clock.now()).toBe(1_234_667);
  expect(clock.monotonic() - before).toBe(100);
});

test('fires once, at the time', () => {
  const clock = new RealClock();
  const run = vi.fn();
  const timer = clock.setTimeout(run, 50);
  vi.advanceTimersByTime(49);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(run).toHaveBeenCalledOnce();
  timer.cancel();
  clock.setTimeout(run, -5);
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledTimes(2);
});

test('delays longer than Node can take', () => {
  const clock = new RealClock();
  const run = vi.fn();
  const days = 24 * 3600 * 1000;
  clock.setTimeout(run, 60 * days);
  const cancelled = clock.setTimeout(run, 61 * days);
  const never = clock.setTimeout(run, Infinity);
  vi.advanceTimersByTime(60 * days - 1);
  expect(run).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(run).toHaveBeenCalledOnce();
  cancelled.cancel();
  vi.advanceTimersByTime(200 * days);
  expect(run).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(1);
  never.cancel();
  expect(vi.getTimerCount()).toBe(0);
});

test('NaN is refused; holds do nothing', () => {
  const clock = new RealClock();
  expect(() => clock.setTimeout(() => {}, Number.NaN)).toThrow(RangeError);
  const hold = clock.hold();
  hold.release();
  hold.release();
});
