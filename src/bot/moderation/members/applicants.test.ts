import { expect, it } from 'vitest';
import { memoryLog } from '../../../platform/memory-log.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import type { StoredApplicant } from '../../store/members-rows.ts';
import { Applicants } from './applicants.ts';

const DAY = 86_400_000;

/** Applications of `den`, on a table in memory. */
function gate() {
  const clock = new VirtualClock();
  const rows = new Map<string, StoredApplicant>();
  const applicants = new Applicants({
    client: {} as never,
    clock,
    log: memoryLog(),
    commit: async ({ applicants: changed = [] }) => {
      for (const one of changed) rows.set(one.user, one);
    },
    store: {
      applicant: async (_room, user) => rows.get(user),
      applicants: async () => [...rows.values()],
    },
    bans: { flagOf: () => undefined, get: () => undefined },
  });
  const apply = (user: string, state = 'waiting') =>
    applicants.apply({ room: 'den', user, state, answers: [], vouchers: [] });
  return { applicants, apply, clock };
}

it('settled applications do not close the gate, open ones do', async () => {
  const { applicants, apply, clock } = gate();
  for (let n = 0; n < 1_000; n++) await apply(`u${n}`);
  await expect(apply('al')).rejects.toMatchObject({ code: 'too-many' });
  expect(await apply('u7')).toMatchObject({ user: 'u7' });
  await applicants.decide('den', 'u7', 'meg', 'reject');
  await apply('al');
  await expect(apply('u7')).rejects.toMatchObject({ code: 'too-many' });
  await clock.advance(31 * DAY);
  await apply('bob');
});

it('says when an application was decided', async () => {
  const { applicants, apply, clock } = gate();
  const { at } = await apply('al');
  await clock.advance(5 * DAY);
  expect(await applicants.decide('den', 'al', 'meg', 'reject')).toMatchObject({
    at,
    changedAt: at + 5 * DAY,
  });
});
