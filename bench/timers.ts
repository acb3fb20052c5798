import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Scheduler } from '../src/bot/scheduler/scheduler.ts';
import { openStore, type Store } from '../src/bot/store/store.ts';
import { nullLog } from '../src/platform/null-log.ts';
import { realPlatform } from '../src/platform/real/real-platform.ts';
import type { Benchmark } from './benchmark.ts';
import { median } from './built-bot.ts';

const TIMERS = 1_000;
const MANY = 10_000;
/** So many fire one after the other within so many milliseconds, and must be punctual. */
const PUNCTUAL = 200;
const SPREAD_MS = 10_000;
const WRITES = 300;
const IDLE_MS = 10_000;
const FAR_MS = 86_400_000;
/** A timer that is set costs one durable write, and so does a key-value: the disk decides how much that is. */
const BUDGET = { writes: 2, lateWrites: 20, idlePercent: 0.5 };

/** What durable timers cost: setting, keeping and firing them, on a store on disk with durable writes. */
export const timers: Benchmark = {
  name: 'timers',
  summary: `${TIMERS} durable timers on disk: set, kept, fired; idle with ${TIMERS} and ${MANY}`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'seekeeper-bench-'));
    const { clock, random } = realPlatform(nullLog);
    const store = await openStore({ path: join(folder, 'store.db'), clock, log: nullLog });
    const scheduler = new Scheduler({ clock, random, log: nullLog, store, timezone: 'UTC', note: () => 'w' });
    const late: number[] = [];
    let fired = 0;
    scheduler.listen('bench', 'timer', { attempts: 5, backoffMs: 60_000 }, async (_, { at, due }) => {
      late.push(at - due);
      fired += 1;
      return { how: 'done' };
    });
    scheduler.start();
    const setAll = async (from: number, to: number, at: (index: number) => number): Promise<number> => {
      const began = performance.now();
      for (let i = from; i < to; i += 1)
        await scheduler.setTimer('bench', 'timer', `user${i}/reminder`, at(i), { text: 'tea is ready', i });
      return (performance.now() - began) / 1000;
    };
    const writeMs = await measureWrite(store);
    const far = Date.now() + FAR_MS;
    const before = process.memoryUsage();
    const setSeconds = await setAll(0, TIMERS, (i) => far + i * 1000);
    const grown = (process.memoryUsage().rss - before.rss) / 1_048_576;
    const idleFew = await idlePercent();
    const moreSeconds = await setAll(TIMERS, MANY, (i) => far + i * 1000);
    const idleMany = await idlePercent();
    // Those that are measured are moved to the near future; the others stay, as they would.
    const soon = Date.now() + PUNCTUAL * 20 + 1_000;
    await setAll(0, PUNCTUAL, (i) => soon + Math.floor((i * SPREAD_MS) / PUNCTUAL));
    await until(() => fired === PUNCTUAL);
    const spread = late.splice(0).sort((a, b) => a - b);
    fired = 0;
    const moment = Date.now() + TIMERS * 20;
    await setAll(TIMERS, 2 * TIMERS, () => moment);
    await until(() => fired === TIMERS);
    const burstSeconds = (Date.now() - moment) / 1000;
    scheduler.stop();
    await scheduler.idle();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    const ratio = (setSeconds * 1000) / TIMERS / writeMs;
    const p99 = spread[Math.floor(spread.length * 0.99)] ?? Infinity;
    const idle = Math.max(idleFew, idleMany);
    return {
      figure: ratio.toFixed(2),
      unit: 'durable writes to set a timer',
      budget: `<= ${BUDGET.writes}; 99 % late by <= ${BUDGET.lateWrites} writes; <= ${BUDGET.idlePercent} % of a core idle`,
      ok: ratio <= BUDGET.writes && p99 <= BUDGET.lateWrites * writeMs && idle <= BUDGET.idlePercent,
      details: [
        `a durable key-value write takes ${writeMs.toFixed(2)} ms here`,
        `set: ${(setSeconds * 1000).toFixed(0)} ms for ${TIMERS} (${(TIMERS / setSeconds).toFixed(0)}/s), ${(moreSeconds * 1000).toFixed(0)} ms for ${MANY - TIMERS} more (${((MANY - TIMERS) / moreSeconds).toFixed(0)}/s)`,
        `memory: +${grown.toFixed(1)} MiB resident while ${TIMERS} were set; they are in the store only`,
        `idle for ${IDLE_MS / 1000} s: ${idleFew.toFixed(2)} % of a core with ${TIMERS}, ${idleMany.toFixed(2)} % with ${MANY}`,
        `${PUNCTUAL} fired over ${SPREAD_MS / 1000} s among ${MANY}: late by ${median(spread)} ms (median), ${p99} ms (99 %), ${spread.at(-1) ?? 0} ms at most`,
        `${TIMERS} due at one moment: all done after ${burstSeconds.toFixed(2)} s (${(TIMERS / burstSeconds).toFixed(0)}/s)`,
      ],
    };
  },
};

/** Milliseconds of a durable write of this size. */
async function measureWrite(store: Store): Promise<number> {
  const began = performance.now();
  for (let i = 0; i < WRITES; i += 1)
    await store.kv.set('bench', `user${i}/reminder`, { text: 'tea is ready', i });
  return (performance.now() - began) / WRITES;
}

/** What the process uses of a core while it has nothing to do. */
async function idlePercent(): Promise<number> {
  await sleep(1_000);
  const start = process.cpuUsage();
  await sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / (IDLE_MS * 10);
}

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await sleep(20);
}
