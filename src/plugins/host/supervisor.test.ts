import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { SeatLoss } from './seat.ts';
import { Supervisor } from './supervisor.ts';

const HANG: SeatLoss = { cause: 'hang', message: 'it has not answered' };

function supervised() {
  const clock = new VirtualClock({ startAt: 0 });
  const reports: string[] = [];
  const starts: number[] = [];
  const errors: Error[] = [];
  const given: number[] = [];
  const supervisor = new Supervisor({
    clock,
    restart: async (runs) => {
      starts.push(clock.now());
      const error = errors.shift();
      if (error) throw error;
      runs();
    },
    gaveUp: () => given.push(clock.now()),
    changed: () => {},
    report: (kind, where, message) => reports.push(`${kind} | ${where} | ${message}`),
  });
  return { clock, reports, starts, errors, given, supervisor };
}

describe('Supervisor', () => {
  it('starts again after a second, then after two', async () => {
    const { clock, starts, supervisor, reports } = supervised();
    supervisor.lost(HANG, '!spin');
    expect([supervisor.state, supervisor.problem]).toEqual(['restarting', 'it has not answered']);
    await clock.advance(999);
    expect(starts).toEqual([]);
    await clock.advance(1);
    expect([supervisor.state, supervisor.problem, supervisor.restarts]).toEqual(['running', undefined, 1]);
    supervisor.lost(HANG, '!spin');
    await clock.advance(2_000);
    expect([starts, supervisor.restarts]).toEqual([[1_000, 3_000], 2]);
    expect(reports).toEqual([
      'worker | !spin | it has not answered; it starts again in 1 s',
      'worker | !spin | it has not answered; it starts again in 2 s',
    ]);
  });

  it('gives up after three failures in ten minutes, and says so once', async () => {
    const { clock, starts, given, supervisor, reports } = supervised();
    for (let i = 0; i < 3; i++) {
      supervisor.lost(HANG, 'setup');
      await clock.advance(60_000);
    }
    expect([supervisor.state, starts.length, given]).toEqual(['quarantined', 2, [120_000]]);
    expect(reports.filter((line) => line.startsWith('quarantine'))).toEqual([
      'quarantine | setup | it failed 3 times in 10 minutes and is not started again until you release it; the last time: it has not answered',
    ]);
    await clock.advance(3_600_000);
    expect(starts.length).toBe(2);
  });

  it('forgets failures older than ten minutes', async () => {
    const { clock, supervisor } = supervised();
    for (let i = 0; i < 5; i++) {
      supervisor.lost(HANG, 'x');
      await clock.advance(300_001);
      expect(supervisor.state).toBe('running');
    }
  });

  it('does not charge a plugin for its neighbour', async () => {
    const { clock, starts, supervisor } = supervised();
    for (let i = 0; i < 5; i++) {
      supervisor.lost({ cause: 'neighbour', message: 'the worker "w" ended' }, 'worker');
      await clock.advance(1_000);
    }
    expect([supervisor.state, starts.length]).toEqual(['running', 5]);
  });

  it('counts a restart that fails as a failure', async () => {
    const { clock, errors, starts, supervisor, reports } = supervised();
    errors.push(new Error('syntax error in line 3'), new Error('syntax error in line 4'));
    supervisor.lost(HANG, 'x');
    await clock.advance(10_000);
    expect([starts, supervisor.state, supervisor.problem]).toEqual([
      [1_000, 3_000],
      'quarantined',
      'syntax error in line 4',
    ]);
    expect(reports[1]).toBe('worker | restart | syntax error in line 3; it starts again in 2 s');
  });

  it('release starts it at once with a clean record; if that fails it stays where it was', async () => {
    const { clock, errors, starts, supervisor } = supervised();
    for (let i = 0; i < 3; i++) {
      supervisor.lost(HANG, 'x');
      await clock.advance(10_000);
    }
    errors.push(new Error('still broken'));
    await expect(supervisor.release()).rejects.toThrow('still broken');
    expect([supervisor.state, supervisor.problem]).toEqual(['quarantined', 'still broken']);
    await supervisor.release();
    expect([supervisor.state, starts.length]).toEqual(['running', 4]);
    supervisor.lost(HANG, 'x');
    expect(supervisor.state).toBe('restarting');
    await supervisor.release();
    await clock.advance(10_000);
    expect([supervisor.state, starts.length]).toEqual(['running', 5]);
  });

  it('starts over when somebody loaded it by hand', async () => {
    const { clock, starts, supervisor } = supervised();
    for (let i = 0; i < 4; i++) {
      supervisor.lost(HANG, 'x');
      supervisor.replaced();
      await clock.advance(10_000);
    }
    expect([supervisor.state, supervisor.restarts, starts]).toEqual(['running', 0, []]);
  });

  it('does nothing any more once it was stopped', async () => {
    const { clock, starts, supervisor, reports } = supervised();
    supervisor.lost(HANG, 'x');
    supervisor.stop();
    supervisor.lost(HANG, 'x');
    await clock.advance(60_000);
    expect([starts, reports.length]).toEqual([[], 1]);
  });
});
