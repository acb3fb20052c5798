import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose code runs. */
interface Running {
  readonly id: string;
}

const running = new AsyncLocalStorage<Running | undefined>();

/** Runs a plugin's code so that everything it starts, timers and forgotten promises included, is known to be its own. */
export function runAsPlugin<T>(id: string, run: () => T): T {
  return running.run({ id }, run);
}

/** Runs the host's code, which a plugin's call may have led to. */
export function runAsHost<T>(run: () => T): T {
  return running.run(undefined, run);
}

/** The instance whose code led here; undefined for our own. */
export function currentPlugin(): string | undefined {
  return running.getStore()?.id;
}
