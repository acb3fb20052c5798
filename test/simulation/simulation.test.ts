import { expect, it } from 'vitest';
import { FAULT_KINDS } from './faults.ts';
import { command } from './report.ts';
import { type SimulationOptions, simulate } from './simulation.ts';

const SMALL: SimulationOptions = { nodes: 40, hours: 1, seed: 1, faults: FAULT_KINDS };

async function expectWhole(options: SimulationOptions) {
  const report = await simulate(options);
  expect(report.problems, command(options)).toEqual([]);
  return report;
}

it.each([1, 2])('a network that is cut, slowed, restarted and reset heals (seed %i)', async (seed) => {
  const report = await expectWhole({ ...SMALL, seed });
  expect(report.faults).toBeGreaterThan(20);
  expect(report.judged).toBeGreaterThan(40);
  expect(report.deliveries).toBeGreaterThan(5000);
  expect(report.forest).toMatchObject({ online: 40, problems: [] });
  expect(report.forest.depth).toBeGreaterThan(2);
});

it('a server that restarts, and one that resets everybody, finds a tree again', async () => {
  await expectWhole({ ...SMALL, nodes: 30, faults: ['restart server'] });
  await expectWhole({ ...SMALL, nodes: 30, faults: ['reset all'] });
});

it('the same seed goes the same way, another one another', async () => {
  const digest = async (seed: number) => (await simulate({ ...SMALL, nodes: 12, seed })).digest;
  const first = await digest(3);
  expect(await digest(3)).toBe(first);
  expect(await digest(4)).not.toBe(first);
});
