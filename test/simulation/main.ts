/** The command behind `npm run simulate`; there is said what it does. */
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { command, describe } from './report.ts';
import { simulate } from './simulation.ts';

const MIB = 1024 * 1024;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    faults: { type: 'string', default: 'all' },
  },
});
const nodes = Number(values.nodes);
const hours = Number(values.hours);
const seeds = values.seeds === undefined ? [Number(values.seed)] : rangeOf(values.seeds);
const faults = kindsOf(values.faults);
const usable =
  Number.isInteger(nodes) &&
  nodes >= 2 &&
  nodes <= 60_000 &&
  hours >= 1 &&
  hours < Infinity &&
  seeds.length > 0;
if (!usable || faults === undefined || seeds.some((seed) => !Number.isSafeInteger(seed))) {
  const kinds = FAULT_KINDS.map(asOption).join(', ');
  console.error(
    'usage: npm run simulate -- [--nodes 2 or more] [--hours 1 or more] [--seed N | --seeds A..B] [--faults all|none|KIND,KIND,…]\n' +
      `kinds of faults: ${kinds}`,
  );
  process.exit(2);
}

let failed = 0;
for (const seed of seeds) {
  const options = { nodes, hours, seed, faults };
  const began = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  let peak = 0;
  const onProgress = () => {
    peak = Math.max(peak, process.memoryUsage.rss());
  };
  const report = await simulate({ ...options, onProgress }).catch((error: unknown) => {
    console.log(`seed ${seed}: FAILED`, error);
  });
  const { user, system } = process.cpuUsage(cpu);
  if (report !== undefined) for (const line of describe(report)) console.log(line);
  console.log(
    `  ${(Number(process.hrtime.bigint() - began) / 1e9).toFixed(1)} s real, ${((user + system) / 1e6).toFixed(1)} s CPU, ` +
      `${(peak / MIB).toFixed(0)} MiB at the peak`,
  );
  if (report?.problems.length === 0) continue;
  failed++;
  console.log(`  to see it again: ${command(options)}`);
}
console.log(`simulate: ${seeds.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

function rangeOf(text: string): number[] {
  const [, from, to] = /^(\d+)\.\.(\d+)$/u.exec(text) ?? [];
  if (from === undefined || to === undefined) return [];
  return Array.from({ length: Math.max(0, Number(to) - Number(from) + 1) }, (_, i) => Number(from) + i);
}

/** Undefined for what is no list of kinds. */
function kindsOf(text: string): readonly FaultKind[] | undefined {
  if (text === 'all') return FAULT_KINDS;
  if (text === 'none') return [];
  const kinds = text.split(',').map((name) => FAULT_KINDS.find((kind) => asOption(kind) === name));
  return kinds.every((kind) => kind !== undefined) ? kinds : undefined;
}

function asOption(kind: string): string {
  return kind.replaceAll(' ', '-');
}
