/**
 * `npm run fuzz -- [--frames N] [--seed S] [--target decoders|client] [--kind server|init|peer|distributed|file]`
 *
 * Mutated frames, a million of each kind unless told otherwise, against the decoders and against a running client in a
 * virtual network. What makes them fail is written to test/fuzz/corpus, which the tests replay. Exit code 1 if something did.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { keep } from '../test/fuzz/corpus.ts';
import { type FuzzOutcome, type FuzzRun, fuzzClient, fuzzDecoders, KINDS } from '../test/fuzz/run.ts';

const MIB = 1024 * 1024;
/** A process that grows by more than this between a tenth of a run and its end holds on to what it should forget. */
const MOST_GROWTH = 16 * MIB;

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: randomBytes(4).toString('hex') },
    target: { type: 'string' },
    kind: { type: 'string' },
  },
});
const frames = Number(values.frames);
const kinds = KINDS.filter((kind) => values.kind === undefined || kind === values.kind);
const targets = (['decoders', 'client'] as const).filter(
  (target) => values.target === undefined || target === values.target,
);
if (!Number.isInteger(frames) || frames < 10 || kinds.length === 0 || targets.length === 0) {
  console.error(
    'usage: npm run fuzz -- [--frames N] [--seed S] [--target decoders|client] [--kind server|init|peer|distributed|file]',
  );
  process.exit(2);
}

const run: Readonly<Record<(typeof targets)[number], (of: FuzzRun) => Promise<FuzzOutcome>>> = {
  decoders: fuzzDecoders,
  client: fuzzClient,
};

console.log(`seed ${values.seed}`);
let failed = 0;
for (const target of targets) {
  for (const kind of kinds) {
    const started = process.hrtime.bigint();
    const outcome = await run[target]({ kind, frames, seed: values.seed });
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const grown = outcome.growth > MOST_GROWTH;
    if (outcome.findings.length > 0 || grown) failed++;
    console.log(
      `${target} ${kind}: ${outcome.frames} frames in ${seconds.toFixed(1)} s, ` +
        `${outcome.findings.length} findings, ${(outcome.growth / MIB).toFixed(1)} MiB growth${grown ? ' (too much)' : ''}`,
    );
    for (const finding of outcome.findings)
      console.log(`  ${finding.problem.split('\n')[0]} -> ${keep(finding)}`);
  }
}
console.log(`fuzz: ${targets.length * kinds.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
