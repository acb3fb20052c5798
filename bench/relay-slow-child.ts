import type { Benchmark, BenchmarkResult } from './benchmark.ts';
import { median, Rig, type Run } from './relay-parts/rig.ts';

const PAIRS = 11;
const SEARCHES = 2_000_000;
const FAST = 9;

/** What the nine may lose, and what the process may hold: its own size and ten full queues. */
const LOSS_BUDGET = 0.05;
const MEMORY_BUDGET_MIB = 250;

async function run(): Promise<BenchmarkResult> {
  const rig = new Rig('ours');
  try {
    await rig.start(10);
    await rig.connect(FAST, SEARCHES);
    const pairs: { alike: Run; slow: Run }[] = [];
    for (let i = 0; i < PAIRS; i++) {
      const first = await rig.run(SEARCHES, i % 2 === 0);
      const second = await rig.run(SEARCHES, i % 2 !== 0);
      pairs.push(i % 2 === 0 ? { slow: first, alike: second } : { slow: second, alike: first });
    }
    const loss = 1 - median(pairs.map(({ slow, alike }) => slow.perSecond / alike.perSecond));
    const [usage, dropped] = [await rig.usage(), await rig.dropped()];
    const rate = (side: 'alike' | 'slow') =>
      Math.round(median(pairs.map((pair) => pair[side].perSecond)) / 1000);
    const connects = pairs.reduce((sum, { slow }) => sum + slow.slowConnects, 0);
    return {
      figure: (loss * 100).toFixed(1),
      unit: `% lost by the nine, median of ${PAIRS} pairs`,
      budget: `< ${LOSS_BUDGET * 100} %, and memory < ${MEMORY_BUDGET_MIB} MiB`,
      ok: loss < LOSS_BUDGET && usage.peak < MEMORY_BUDGET_MIB,
      details: [
        `nine children get ${rate('alike')}k searches/s each; with a slow tenth beside them ${rate('slow')}k`,
        `the slow one came ${connects} times and was dropped ${dropped} times`,
        `relay process: ${usage.cpu.toFixed(1)} s of CPU in all, ${usage.peak.toFixed(0)} MiB at its peak`,
      ],
    };
  } finally {
    rig.end();
  }
}

/** What nine children lose by a tenth that hardly reads and comes again and again. */
export const relaySlowChild: Benchmark = {
  name: 'relay-slow-child',
  summary: 'nine children with and without a slow one beside them',
  run,
};
