import { describe, expect, test } from 'vitest';
import { deferred } from './deferred.ts';
import { after as sleep, withTimeout } from './time.ts';
import { VirtualClock } from './virtual/virtual-clock.ts';

describe('after', () => {
  test('sleeps on the clock', async () => {
    const clock = new VirtualClock();
    expect(await clock.run(sleep(clock, 500).then(() => clock.monotonic()))).toBe(500);
  });

  test('an abort ends it with an AbortError and leaves no timer', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleeping = sleep(clock, 500, controller.signal);
    controller.abort();
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
    expect(clock.pending).toBe(0);
    await expect(sleep(clock, 1, controller.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('the reason of the signal is kept; one that is no error is wrapped', async () => {
    const clock = new VirtualClock();
    const reason = new Error('shutting down');
    await expect(sleep(clock, 1, AbortSignal.abort(reason))).rejects.toBe(reason);
    const wrapped = sleep(clock, 1, AbortSignal.abort('why not'));
    await expect(wrapped).rejects.toMatchObject({ name: 'AbortError', message: 'why not' });
  });

  test('takes its listener off a signal that outlives it', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    let listeners = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    await clock.run(sleep(clock, 10, signal));
    expect(listeners).toBe(0);
  });
});

describe('withTimeout', () => {
  const late = () => new Error('too late');

  test('passes on what comes in time and leaves no timer', async () => {
    const clock = new VirtualClock();
    expect(await withTimeout(clock, Promise.resolve(5), 100, late)).toBe(5);
    const reason = new TypeError('own');
    await expect(withTimeout(clock, Promise.reject(reason), 100, late)).rejects.toBe(reason);
    expect(clock.pending).toBe(0);
  });

  test('gives up at the time, and ignores how the work ends', async () => {
    const clock = new VirtualClock();
    const work = deferred<number>();
    const waiting = withTimeout(clock, work.promise, 100, late);
    await expect(clock.run(waiting)).rejects.toThrow('too late');
    expect(clock.monotonic()).toBe(100);
    work.reject(new Error('an unhandled rejection would fail this run'));
    await clock.settle();
  });
});
