/** The command behind `npm run simulate:wishlist`; there is said what it does. */
import { parseArgs } from 'node:util';
import { checkPlan } from './plan.ts';
import { command, describe } from './report.ts';
import { type SimulationOptions, simulate } from './simulation.ts';

const MIB = 1024 * 1024;

const { values } = parseArgs({
  options: {
    wishes: { type: 'string', default: '30' },
    people: { type: 'string', default: '300' },
    days: { type: 'string', default: '14' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    faults: { type: 'boolean', default: false },
  },
});
const sizes = {
  wishes: Number(values.wishes),
  people: Number(values.people),
  days: Number(values.days),
  faults: values.faults,
};
const seeds = values.seeds === undefined ? [Number(values.seed)] : rangeOf(values.seeds);
const within = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
if (
  !within(sizes.wishes, 500) ||
  !within(sizes.people, 10_000) ||
  !within(sizes.days, 365) ||
  seeds.length === 0 ||
  seeds.some((seed) => !Number.isSafeInteger(seed))
) {
  console.error(
    'usage: npm run simulate:wishlist -- [--wishes 30] [--people 300] [--days 14] [--seed N | --seeds A..B] [--faults]',
  );
  process.exit(2);
}

let failed = 0;
for (const seed of seeds) {
  const options: SimulationOptions = { ...sizes, seed };
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let peak = 0;
  const onProgress = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  let passed = false;
  try {
    const report = await simulate({ ...options, onProgress });
    for (const line of describe(report)) console.log(line);
    const plan = await checkPlan({ seed, wishes: sizes.wishes });
    console.log(`  ${plan.summary}`);
    for (const problem of plan.problems) console.log(`  ${problem}`);
    const calm = options.faults || report.errors.length === 0;
    passed = calm && report.problems.length === 0 && plan.problems.length === 0;
  } catch (error) {
    console.log(`seed ${seed}: FAILED`, error);
  }
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `  ${(Number(process.hrtime.bigint() - began) / 1e9).toFixed(1)} s real, ${((user + system) / 1e6).toFixed(1)} s CPU, ` +
      `${(peak / MIB).toFixed(0)} MiB at the peak`,
  );
  if (passed) continue;
  failed += 1;
  console.log(`  to see it again: ${command(options)}`);
}
console.log(`simulate:wishlist: ${seeds.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function rangeOf(text: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/u.exec(text) ?? [];
  if (from === undefined || to === undefined) return [];
  return Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, i) => Number(from) + i);
}
