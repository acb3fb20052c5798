import { AsyncLocalStorage } from 'node:async_hooks';

const calls = new AsyncLocalStorage<number | undefined>();

/** Runs a plugin's handler; what it starts knows for which of the host's calls. */
export function runWithin<T>(call: number, run: () => T): T {
  return calls.run(call, run);
}

/** The host's call during which this runs; undefined in `setup` and in timers that it set. */
export function currentCall(): number | undefined {
  return calls.getStore();
}

/** Runs what no handler waits for: its time budget goes on meanwhile. */
export function runBeside<T>(run: () => T): T {
  return calls.run(undefined, run);
}
