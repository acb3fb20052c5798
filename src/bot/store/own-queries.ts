import type { Lease } from './sql-dialect.ts';
import { StoreError } from './store-error.ts';

/** Turns of the microtask queue in which a transaction may do nothing. The query builder itself needs some ten. */
const MAX_IDLE_HOPS = 1000;

/**
 * Keeps the rule that a transaction awaits only its own queries. All writers wait for it meanwhile, so one that
 * awaits a timer or the network would stop the bot, and one that awaits another use of the store would stop it
 * for ever. No clock is needed to notice: such a transaction has no query under way and starts none, however
 * often the microtask queue turns.
 * @returns settles like `work`; rejects with StoreError `misuse` as soon as `work` awaits something else.
 */
export function awaitingOwnQueries<T>(lease: Lease, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    work.then(
      (value) => {
        settled = true;
        resolve(value);
      },
      (reason: unknown) => {
        settled = true;
        // Passed on as it came: the caller's own error classes must survive.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(reason);
      },
    );
    let idle = 0;
    let started = lease.started;
    const hop = (): void => {
      if (settled) return;
      if (lease.running > 0) {
        lease.onIdle(hop);
        return;
      }
      idle = lease.started === started ? idle + 1 : 0;
      started = lease.started;
      if (idle <= MAX_IDLE_HOPS) queueMicrotask(hop);
      else reject(new StoreError('misuse', 'A transaction awaited something other than its own queries'));
    };
    hop();
  });
}
