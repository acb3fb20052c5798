import { expect, it } from 'vitest';
import { Health } from './health.ts';
import { Ledger } from './ledger.ts';
import { timetable } from './timetable.ts';

const HOUR = 3_600_000;
const nameOf = (node: number) => `node${node}`;

/** Three nodes; node0 searches with token 7 half an hour after the start. Then it reaches `reached`. */
function outcome(reached: readonly number[], after = Uint32Array.of(1, 1, 1)) {
  const ledger = new Ledger();
  ledger.begin({ at: HOUR / 2, searcher: 0, token: 7, logins: Uint32Array.of(1, 1, 1) });
  for (const node of reached) ledger.deliver(node, 7, 'node0', nameOf);
  const [first] = ledger.settle(Infinity, after);
  const health = new Health(timetable(1, false), 3);
  health.add(first!);
  return { first, ledger, health };
}

it('a search that reached all others once is fine', () => {
  const { first, ledger, health } = outcome([1, 2]);
  expect(first).toMatchObject({ expected: 2, missed: [], repeated: [] });
  expect(ledger.totals).toMatchObject({ searches: 1, deliveries: 2, duplicates: 0 });
  expect(health).toMatchObject({ judged: 1, problems: [] });
});

it.each([
  ['missed', [1], /1 missed it \(2\), 0 got it again/u],
  ['repeated', [1, 2, 2], /0 missed it, 1 got it again \(2\)/u],
  ['come back to the searcher twice', [1, 2, 0, 0], /1 got it again \(0\)/u],
])('a search that was %s is not', (_what, reached, problem) => {
  expect(outcome(reached).health.problems).toEqual([expect.stringMatching(problem)]);
});

it('who was not there all the time need not have got it, but must be there when all is calm', () => {
  const { first, health } = outcome([1], Uint32Array.of(1, 1, 2));
  expect(first).toMatchObject({ expected: 1, missed: [] });
  expect(health.problems).toEqual([expect.stringMatching(/of 2 nodes 1 were online/u)]);
});

it('what nobody searched for is counted apart', () => {
  const { ledger } = outcome([1, 2]);
  ledger.deliver(1, 7, 'node0', nameOf);
  ledger.deliver(1, 8, 'node0', nameOf);
  expect(ledger.totals).toMatchObject({ deliveries: 2, strays: 2 });
});
