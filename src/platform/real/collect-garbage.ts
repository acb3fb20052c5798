import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

let collect: Collect | undefined;

/**
 * Collects all garbage at once and gives what it held back to the system. Stops the process for some 100 ms.
 */
export function collectGarbage(): void {
  collect ??= exposedCollect();
  // Code of modules that are gone survives the first round by its age.
  collect();
  collect();
  // Newer V8s keep empty pages in a pool, except in this case; older ones ignore what they do not know.
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** V8 puts its `gc` into contexts that begin while it is exposed: into one of our own, then no longer. */
function exposedCollect(): Collect {
  setFlagsFromString('--expose-gc');
  try {
    return runInNewContext('gc') as Collect;
  } finally {
    setFlagsFromString('--no-expose-gc');
  }
}
