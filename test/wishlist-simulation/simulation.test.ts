import { describe, expect, it } from 'vitest';
import { judge } from './oracle.ts';
import { checkPlan } from './plan.ts';
import type { SimulationRecord } from './record.ts';
import { command } from './report.ts';
import { type SimulationOptions, simulate } from './simulation.ts';

const SMALL: SimulationOptions = { seed: 1, wishes: 12, people: 40, days: 3, faults: false };

async function expectSound(options: SimulationOptions) {
  const report = await simulate(options);
  expect(report.problems, command(options)).toEqual([]);
  if (!options.faults) expect(report.errors, command(options)).toEqual([]);
  return report;
}

describe('wishes of a real bot against people who come, go and change what they share', () => {
  it('finds everything once, with one search in each interval; and the oracle would notice if not', async () => {
    const report = await expectSound(SMALL);
    const { record, modelWishes } = report;
    expect(record.turns.length).toBeGreaterThan(100);
    expect(report.due).toBeGreaterThan(50);
    expect(report.atOnce).toBe(report.due);
    expect(new Set(record.announcements.map(({ kind }) => kind))).toContain('source');
    expect(record.announcements.filter(({ late }) => late)).toEqual([]);
    const said = (changes: Partial<SimulationRecord>) =>
      judge({ ...record, ...changes }, modelWishes).problems.map(({ text }) => text);
    const { announcements, turns } = record;
    const early = announcements.find(({ toldAt, kind }) => toldAt < 86_400_000 && kind === 'new')!;
    expect(said({ announcements: announcements.filter((each) => each !== early) }).join()).toContain(
      'was never announced',
    );
    expect(said({ announcements: [...announcements, { ...early, id: 'again' }] }).join()).toContain(
      'was announced 2 times',
    );
    const [first] = turns;
    expect(
      said({ turns: [first!, { ...first!, at: first!.at + 60_000 }, ...turns.slice(1)] }).join(),
    ).toContain('two wish searches within 60.0 s');
  });

  it('loses nothing and tells nothing twice while the bot is killed, banned and cut off', async () => {
    const report = await expectSound({ ...SMALL, seed: 2, people: 60, days: 5, faults: true });
    expect(report.record.incidents.length).toBeGreaterThan(5);
    expect(report.due).toBeGreaterThan(30);
  });

  it('goes the same way from the same seed, and another way from another', async () => {
    const tiny = { ...SMALL, wishes: 4, people: 10, days: 2, faults: true };
    const digest = async (seed: number) => (await simulate({ ...tiny, seed })).digest;
    const first = await digest(3);
    expect(await digest(3)).toBe(first);
    expect(await digest(4)).not.toBe(first);
  });

  it('gives the timetable that it keeps', async () => {
    const { problems } = await checkPlan({ seed: 1, wishes: 12 });
    expect(problems).toEqual([]);
  });
});
