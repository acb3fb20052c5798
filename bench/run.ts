import type { Benchmark } from './benchmark.ts';
import { codec } from './codec.ts';
import { idle } from './idle.ts';
import { plugins } from './plugins.ts';
import { relay } from './relay.ts';
import { relaySlowChild } from './relay-slow-child.ts';
import { reload } from './reload.ts';
import { resultStorm } from './result-storm.ts';
import { shares } from './shares.ts';
import { start } from './start.ts';
import { timers } from './timers.ts';
import { watchTerms } from './watch-terms.ts';
import { wishes } from './wishes.ts';

/** `npm run bench` runs all of these, `npm run bench -- NAME …` the named ones. Exits 1 when a budget is missed. */
const benchmarks: readonly Benchmark[] = [
  codec,
  start,
  idle,
  relay,
  relaySlowChild,
  resultStorm,
  watchTerms,
  plugins,
  reload,
  timers,
  wishes,
  shares,
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  console.error(
    `no benchmark called ${unknown.join(', ')}; there are: ${benchmarks.map((benchmark) => benchmark.name).join(', ')}`,
  );
  process.exit(2);
}

let short = false;
for (const benchmark of benchmarks) {
  if (wanted.length > 0 && !wanted.includes(benchmark.name)) continue;
  console.log(`\n# ${benchmark.name}: ${benchmark.summary}`);
  const result = await benchmark.run();
  for (const line of result.details) console.log(line);
  console.log(
    `${benchmark.name}: ${result.figure} ${result.unit} (budget ${result.budget}): ${result.ok ? 'ok' : 'short'}`,
  );
  short ||= !result.ok;
}
process.exitCode = short ? 1 : 0;
