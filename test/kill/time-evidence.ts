import { existsSync, readFileSync } from 'node:fs';
import type { Checks } from './evidence.ts';

/** A timer that was set for certain, or a run whose handler was called. */
export type TimeEvidence =
  | { readonly kind: 'set'; readonly key: string }
  | {
      readonly kind: 'run';
      readonly id: string;
      readonly run: string;
      readonly due: number;
      readonly missed: number;
      readonly redelivered: boolean;
      /** Of a timer. */
      readonly key?: string;
    };

type Run = Extract<TimeEvidence, { kind: 'run' }>;

const STEP_MS = 3000;

function read(path: string): readonly TimeEvidence[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as TimeEvidence];
      } catch {
        // A line that the kill cut short counts as not written.
        return [];
      }
    });
}

const runsIn = (all: readonly TimeEvidence[]) => all.filter((one): one is Run => one.kind === 'run');

/** Timers that were set and have not fired. */
export function timersLeft(path: string): readonly string[] {
  const all = read(path);
  const fired = new Set(runsIn(all).map(({ key }) => key));
  return all.flatMap((one) => (one.kind === 'set' && !fired.has(one.key) ? [one.key] : []));
}

/** No timer lost, no due time of a job lost, nothing run twice without saying so, nothing left behind. */
export async function checkTime(
  path: string,
  checks: Checks,
  query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>,
): Promise<string> {
  const all = read(path);
  const runs = runsIn(all);
  const left = timersLeft(path);
  checks.check(left.length === 0, () => `${left.length} timers never fired, such as ${left[0] ?? ''}`);
  const times = new Map<string, number>();
  const names = new Map<string, Set<string>>();
  for (const { id, run, key, redelivered } of runs) {
    const time = (times.get(run) ?? 0) + 1;
    times.set(run, time);
    if (time > 1)
      checks.check(redelivered, () => `${id} ${run} was run for the ${time}. time and not announced so`);
    if (key !== undefined) names.set(key, (names.get(key) ?? new Set()).add(run));
  }
  for (const [key, own] of names)
    checks.check(own.size === 1, () => `the timer ${key} fired as ${own.size} runs`);
  for (const id of ['every', 'cron']) checkSteps(id, runs, checks);
  const dead = await query("select count(*) as n from job_run where state = 'dead'");
  checks.check(dead[0]?.['n'] === 0, () => `${String(dead[0]?.['n'])} runs were given up`);
  const timers = await query("select count(*) as n from job_run where kind = 'timer'");
  checks.check(timers[0]?.['n'] === 0, () => `${String(timers[0]?.['n'])} timers are left`);
  const again = runs.length - times.size;
  const marked = runs.filter(({ redelivered }) => redelivered).length;
  const count = (id: string) => new Set(runs.flatMap((one) => (one.id === id ? [one.run] : []))).size;
  return `${count('timer')} timers, ${count('every')} and ${count('cron')} runs of two jobs, none lost; ${again} run again, ${marked} announced as redelivered`;
}

/** A job has run for each of its due times, once as a run of its own. */
function checkSteps(id: string, runs: readonly Run[], checks: Checks): void {
  const own = runs.filter((one) => one.id === id);
  const missed = own.reduce((sum, one) => sum + one.missed, 0);
  checks.check(missed === 0, () => `${id}: ${missed} due times were left out`);
  const byDue = new Map<number, Set<string>>();
  for (const { due, run } of own) byDue.set(due, (byDue.get(due) ?? new Set()).add(run));
  const dues = [...byDue.keys()].sort((a, b) => a - b);
  checks.check(dues.length > 0, () => `${id} never ran`);
  dues.forEach((due, index) => {
    const before = dues[index - 1];
    checks.check(
      before === undefined || due - before === STEP_MS,
      () => `${id}: nothing between ${before ?? ''} and ${due}`,
    );
    checks.check(byDue.get(due)?.size === 1, () => `${id}: ${due} was run as ${byDue.get(due)?.size} runs`);
  });
}
