import type { SimulationOptions, SimulationReport } from './simulation.ts';

/** A run as text for people, one line each. */
export function describe(report: SimulationReport): string[] {
  const { forest, problems } = report;
  const lines = [
    `seed ${report.seed}: ${problems.length === 0 ? 'passed' : 'FAILED'}, digest ${report.digest}`,
    `  ${report.nodes} nodes, ${report.hours} h, ${report.searches} searches, ${report.deliveries} deliveries, ` +
      `${report.duplicates} duplicates, ${report.faults} faults, ${report.connects} connects`,
    `  ${report.judged} searches had to reach all others once; formed in ${seconds(report.formingSeconds)}, ` +
      `healed in ${seconds(report.healingSeconds)} at most`,
    `  at the end ${forest.online} online in ${forest.roots} branches and ${forest.lonely} alone, ` +
      `${forest.depth} levels, ${forest.largest} in the largest branch`,
  ];
  return [...lines, ...problems.map((problem) => `  ${problem}`)];
}

/** What to type to see the same run again. */
export function command({ nodes, hours, seed, faults }: Omit<SimulationOptions, 'onProgress'>): string {
  const named = faults.length === 0 ? 'none' : faults.map((kind) => kind.replaceAll(' ', '-')).join(',');
  return `npm run simulate -- --nodes ${nodes} --hours ${hours} --seed ${seed} --faults ${named}`;
}

const seconds = (value: number): string => `${Math.round(value)} s`;
