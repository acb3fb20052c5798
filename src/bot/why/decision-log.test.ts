import { beforeEach, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { DecisionRow } from '../store/decisions.ts';
import { decisionId, isDecisionId } from './decision-id.ts';
import { DecisionLog } from './decision-log.ts';

let rows: DecisionRow[];
let broken: boolean;
let writes: number;
let clock: VirtualClock;

const makeLog = () =>
  new DecisionLog({
    clock,
    log: memoryLog(),
    table: {
      lastNumber: async () => rows.at(-1)?.number ?? 0,
      insert: async (added) => {
        if (broken) throw new Error('no disk');
        writes++;
        rows.push(...added);
      },
      find: async ({ id }) => rows.filter((row) => id === undefined || row.id === id).reverse(),
    },
  });

beforeEach(() => {
  clock = new VirtualClock();
  rows = [];
  broken = false;
  writes = 0;
});

const decision = (reason: string) => ({ source: 'commands', what: 'run !x', reason, user: 'al' }) as const;

it('writes together what was decided within a second, the same only once', async () => {
  const log = makeLog();
  const ids = Array.from({ length: 100 }, (_, i) => log.note({ ...decision('no'), about: `${i}` }));
  log.note(decision('another'));
  expect(new Set(ids).size).toBe(1);
  await clock.advance(1_001);
  expect(writes).toBe(1);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ id: ids[0], times: 100, about: '99' });
  expect(log.note(decision('no'))).not.toBe(ids[0]);
  expect(await log.find({})).toHaveLength(3);
});

it('keeps what the disk does not take, up to a bound, and never throws at whoever decides', async () => {
  const log = makeLog();
  broken = true;
  for (let i = 0; i < 5_000; i++) log.note(decision(`no ${i}`));
  await clock.advance(5_000);
  broken = false;
  await clock.advance(1_001);
  expect(rows).toHaveLength(2_000);
  expect(rows.at(-1)?.reason).toBe('no 4999');
  await log.close();
});

it('gives no id twice, also not one that a crash lost', async () => {
  const before = makeLog();
  const ids = [before.note(decision('kept'))];
  await before.flush();
  ids.push(before.note(decision('lost')));
  const after = makeLog();
  await after.open();
  ids.push(after.note(decision('new')));
  expect(new Set(ids).size).toBe(3);
});

it('has ids that people can type, each once', () => {
  const seen = new Set<string>();
  for (let n = 0; n < 100_000; n++) seen.add(decisionId(n));
  expect(seen.size).toBe(100_000);
  for (const n of [0, 1, 923_520, 923_521, 9_999_999]) expect(decisionId(n)).toMatch(/^w[2-9a-z]{4}$/);
  expect(isDecisionId(decisionId(7))).toBe(true);
  expect(isDecisionId('w1l0o')).toBe(false);
});

it('shortens what is too long', async () => {
  const log = makeLog();
  log.note({ ...decision('x'.repeat(5_000)), what: 'y'.repeat(500) });
  await log.flush();
  expect(rows[0]!.reason).toHaveLength(500);
  expect(rows[0]!.what).toHaveLength(64);
});
