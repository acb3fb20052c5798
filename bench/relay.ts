import type { Benchmark, BenchmarkResult } from './benchmark.ts';
import { median, Rig, type Run } from './relay-parts/rig.ts';

const BUDGET = 0.8;
const PAIRS = 7;

/** Numbers of children, and how many searches make a run of about half a second. */
const CASES = [
  { children: 1, searches: 4_000_000 },
  { children: 10, searches: 1_500_000 },
  { children: 50, searches: 400_000 },
] as const;

interface Measured {
  readonly ratio: number;
  readonly cpuRatio: number;
  readonly ours: Run;
  readonly bare: Run;
}

/** Alternating pairs, of which the medians count. */
async function measure(ours: Rig, bare: Rig, children: number, searches: number): Promise<Measured> {
  const pairs: { ours: Run; bare: Run }[] = [];
  for (const rig of [ours, bare]) await rig.connect(children, searches);
  for (let i = 0; i < PAIRS; i++) {
    const first = await (i % 2 === 0 ? ours : bare).run(searches);
    const second = await (i % 2 === 0 ? bare : ours).run(searches);
    pairs.push(i % 2 === 0 ? { ours: first, bare: second } : { ours: second, bare: first });
  }
  const runOf = (side: 'ours' | 'bare'): Run => ({
    perSecond: median(pairs.map((pair) => pair[side].perSecond)),
    cpu: median(pairs.map((pair) => pair[side].cpu)),
    slowConnects: 0,
  });
  return {
    ratio: median(pairs.map((pair) => pair.ours.perSecond / pair.bare.perSecond)),
    cpuRatio: median(pairs.map((pair) => pair.ours.cpu / pair.bare.cpu)),
    ours: runOf('ours'),
    bare: runOf('bare'),
  };
}

const thousands = (n: number): string => `${Math.round(n / 1000)}k`;

async function run(): Promise<BenchmarkResult> {
  const ours = new Rig('ours');
  const bare = new Rig('bare');
  try {
    await Promise.all([ours.start(50), bare.start(50)]);
    const details: string[] = [];
    let ratio = 0;
    for (const { children, searches } of CASES) {
      const measured = await measure(ours, bare, children, searches);
      if (children === 10) ratio = measured.ratio;
      details.push(
        `${children} children: ${thousands(measured.ours.perSecond)} searches/s each (bare ${thousands(measured.bare.perSecond)}), ` +
          `ratio ${measured.ratio.toFixed(2)}; ${measured.ours.cpu.toFixed(2)} s of CPU a run (bare ${measured.bare.cpu.toFixed(2)}), ` +
          `ratio ${measured.cpuRatio.toFixed(2)}`,
      );
    }
    const [usage, bareUsage, dropped] = [await ours.usage(), await bare.usage(), await ours.dropped()];
    details.push(
      `relay process: ${usage.cpu.toFixed(1)} s of CPU in all, ${usage.peak.toFixed(0)} MiB at its peak (bare ${bareUsage.cpu.toFixed(1)} s, ${bareUsage.peak.toFixed(0)} MiB); children dropped: ${dropped}`,
    );
    return {
      figure: ratio.toFixed(2),
      unit: 'x the rate of a bare copying program, 10 children',
      budget: `>= ${BUDGET}`,
      ok: ratio >= BUDGET && dropped === 0,
      details,
    };
  } finally {
    for (const rig of [ours, bare]) rig.end();
  }
}

/** Searches from a parent to its children over TCP; parent, relay and children are processes of their own. */
export const relay: Benchmark = {
  name: 'relay',
  summary: 'searches from a parent to 1, 10 and 50 children, against a bare program that copies the chunks',
  run,
};
