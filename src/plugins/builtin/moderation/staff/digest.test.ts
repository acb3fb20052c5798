import { describe, expect, it } from 'vitest';
import { testBot } from '../../../../testing/index.ts';
import type { Case } from '../../../api/index.ts';
import * as moderation from '../index.ts';
import { digestLines } from './digest.ts';

const of = (id: number, more: Partial<Case> = {}): Case => ({
  id,
  room: 'den',
  user: `user${id}`,
  at: 0,
  rule: 'moderation/flood',
  points: 2,
  total: 2,
  reason: '9 lines within 10s',
  lines: [],
  mode: 'live',
  wanted: 'warn',
  consequence: 'warn',
  state: 'done',
  actor: 'rule',
  log: [],
  ...more,
});

describe('the digest', () => {
  it('counts, shows what was done, and what waits for an answer', () => {
    const cases = [
      of(1, { mode: 'shadow', state: 'noted' }),
      of(2),
      of(3, { state: 'failed', rule: 'moderation/words', appeal: { at: 0, text: 'no', state: 'open' } }),
    ];
    expect(
      digestLines(cases, {
        open: [of(7)],
        appeals: cases.slice(2),
        applicants: [
          { room: 'den', user: 'al', at: 0, changedAt: 0, state: 'waiting', answers: [], vouchers: [] },
        ],
      }),
    ).toEqual([
      '1 done, 1 failed, 1 in shadow. By 2 moderation/flood, 1 moderation/words.',
      expect.stringMatching(/^#2 .*: warn, done$/),
      expect.stringMatching(/^#3 .*: warn, failed, appeal open$/),
      'Waiting for a yes or no: 7.',
      'Appeals without an answer: 3.',
      'Applicants: al (den).',
    ]);
    expect(digestLines([], { open: [], appeals: [], applicants: [] })).toEqual([]);
  });

  it('comes at the change of shifts, once, also after a night away, and not about nothing', async () => {
    await using t = await testBot(moderation, {
      at: '2026-01-01T06:00:00Z',
      roles: { mod: ['meg'] },
      config: {
        staff: { users: ['meg'], digest: ['08:00', '20:00'] },
        rules: { words: { lists: { bad: { words: ['badword'] } } } },
      },
    });
    await t.person('meg');
    await t.advance('3h');
    expect(t.private('meg')).toEqual([]);
    await t.say('al', 'indie', 'badword');
    await t.downtime('13h', 'kill');
    await t.advance('5m');
    const told = t.private('meg').filter((line) => line.includes('1 cases'));
    expect(told).toHaveLength(1);
    expect(t.private('meg').join('\n')).toContain('1 in shadow. By 1 moderation/words.');
    await t.advance('12h');
    expect(t.private('meg').filter((line) => line.includes('cases'))).toHaveLength(1);
  });
});
