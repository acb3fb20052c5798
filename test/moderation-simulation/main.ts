/** The command behind `npm run simulate:moderation`; there is said what it does. */
import { parseArgs } from 'node:util';
import { scoreTable } from './score.ts';
import { LEAST_DAYS, simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string' },
    days: { type: 'string', default: '14' },
    mode: { type: 'string', default: 'live' },
  },
});
const days = Number(values.days);
const [from = Number.NaN, to = from] = (values.seeds ?? values.seed).split('..').map(Number);
const { mode } = values;
if (
  !Number.isInteger(days) ||
  days < LEAST_DAYS ||
  !Number.isSafeInteger(from) ||
  !(to >= from) ||
  !(mode === 'shadow' || mode === 'suggest' || mode === 'live')
) {
  console.error(
    `usage: npm run simulate:moderation -- [--seed N | --seeds A..B] [--days ${LEAST_DAYS} or more] [--mode shadow|suggest|live]`,
  );
  process.exit(2);
}

let passed = 0;
let failed = 0;
for (let seed = from; seed <= to; seed++) {
  const cpu = process.cpuUsage();
  const { acts, cases, deeds, scores, broken } = await simulate({ seed, days, mode });
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `seed ${seed}: ${days} days, ${acts} acts, ${cases.length} cases, ${deeds.length} deeds, ${((user + system) / 1e6).toFixed(1)} CPU s`,
  );
  for (const line of scoreTable(scores)) console.log(`  ${line}`);
  for (const promise of broken) console.log(`  BROKEN: ${promise}`);
  const wrong = scores.filter(({ precision, recall }) => precision < 1 || recall < 1);
  for (const { rule } of wrong) console.log(`  NOTE: ${rule} was not always right`);
  if (broken.length === 0) passed++;
  else failed++;
}
console.log(`moderation simulation: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
