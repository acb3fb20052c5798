import { expect, test } from 'vitest';
import { judgeClient } from './client.ts';
import { kept } from './corpus.ts';
import { judgeDecoders } from './decoders.ts';
import { fuzzClient, fuzzDecoders, KINDS } from './run.ts';

// The long run is `npm run fuzz`; what it finds is written to corpus/ and stays a test.

test.each(KINDS)('2,000 mutated frames of kind %s do nothing to the decoders', async (kind) => {
  expect(await fuzzDecoders({ kind, frames: 2000, seed: 'ci' })).toMatchObject({
    frames: 2000,
    findings: [],
  });
});

test.each(KINDS)('2,000 mutated frames of kind %s do nothing to a running client', async (kind) => {
  expect(await fuzzClient({ kind, frames: 2000, seed: 'ci' })).toMatchObject({ frames: 2000, findings: [] });
});

test('a defect is found, and ends the run when there are enough', async () => {
  const judge = ({ chunks }: { readonly chunks: readonly string[] }) =>
    chunks.join('').includes('ffff') ? 'it does not like ffff' : undefined;
  const { frames, findings } = await fuzzDecoders({ kind: 'peer', frames: 5000, seed: 'ci' }, judge);
  expect(findings).toHaveLength(10);
  expect(frames).toBeLessThan(5000);
  for (const { input } of findings) expect(judgeDecoders(input as never)).toBeUndefined();
});

test('the frames follow from the seed', async () => {
  const inputs = async (seed: string) =>
    (await fuzzDecoders({ kind: 'init', frames: 50, seed }, () => 'all')).findings.map(({ input }) => input);
  expect(await inputs('a')).toEqual(await inputs('a'));
  expect(await inputs('a')).not.toEqual(await inputs('b'));
});

const corpus = kept();

test.skipIf(corpus.length === 0).each(corpus)('%s', async (_name, finding) => {
  const problem =
    finding.target === 'decoders' ? judgeDecoders(finding.input) : await judgeClient(finding.input);
  expect(problem).toBeUndefined();
});
