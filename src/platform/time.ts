import { abortError, onAbort } from './abort.ts';
import type { Clock } from './clock.ts';

/**
 * Sleeps on `clock`.
 * @param ms 0 or more.
 * @param signal ends the sleep early: the promise rejects with the signal's reason, or an `AbortError`.
 */
export function after(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(abortError(signal));
      return;
    }
    const timer = clock.setTimeout(() => {
      forget();
      resolve();
    }, ms);
    const forget = onAbort(signal, () => {
      timer.cancel();
      if (signal !== undefined) reject(abortError(signal));
    });
  });
}

/**
 * Settles as `promise` does, unless `ms` pass first: then it rejects with `makeError()`. The work behind `promise`
 * goes on; how it ends is ignored then.
 */
export function withTimeout<T>(
  clock: Clock,
  promise: PromiseLike<T>,
  ms: number,
  makeError: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(makeError()), ms);
    promise.then(
      (value) => {
        timer.cancel();
        resolve(value);
      },
      (reason: unknown) => {
        timer.cancel();
        // Passed on as it came: wrapping would hide the caller's own error classes.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(reason);
      },
    );
  });
}
