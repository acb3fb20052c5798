import { expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { WishSpec } from '../../plugins/host/wire.ts';
import { newWish } from '../store/wish-rows.ts';
import { compileWish, LiveWish } from './live-wish.ts';
import { Pace } from './planner/pace.ts';
import { Slot } from './slot.ts';
import type { TurnPlan } from './turns/turn.ts';
import { WishSearches } from './wish-searches.ts';

interface Asked {
  readonly plan: TurnPlan;
  readonly signal: AbortSignal;
  readonly sent: () => void;
  readonly fail: (error: Error) => void;
}

async function make() {
  const clock = new VirtualClock();
  const asked: Asked[] = [];
  const slot = new Slot({
    clock,
    interval: () => 0,
    delay: () => 0,
    firstEligible: () => Number.POSITIVE_INFINITY,
    onReady: () => {},
    turn: async () => {},
    failed: (error) => {
      throw error as Error;
    },
  });
  slot.start({ name: 'online' } as Parameters<Slot['start']>[0]);
  await clock.advance(60_000);
  const searches = new WishSearches({
    clock,
    turns: {
      make: (plan, signal) =>
        new Promise((resolve, reject) => {
          asked.push({ plan, signal, sent: () => resolve(undefined), fail: reject });
        }),
    },
    slot: () => slot,
    pace: new Pace(clock, () => 720_000),
    network: () => [],
    buddies: ['al', 'bob', 'cy'],
    isLoaded: () => true,
    note: () => '',
  });
  const wish = (seq: number, spec: WishSpec): LiveWish => {
    const fresh = newWish({ instance: 'p', id: `${seq}`, spec, registered: false, createdAt: 0 });
    return new LiveWish({ ...fresh, seq }, compileWish(spec, {}));
  };
  return { clock, asked, searches, wish };
}

it('a search goes on as long as one of those wants it that have joined', async () => {
  const { clock, asked, searches, wish } = await make();
  const spec = { query: 'rare ep', scope: { user: 'al' } };
  const [first, second] = [wish(1, spec), wish(2, spec)];
  const runs = [searches.byCalendar(first), searches.byCalendar(second)];
  await clock.settle();
  expect(asked).toHaveLength(1);
  const [{ plan, signal, sent }] = asked as [Asked];
  searches.abort(first);
  expect(signal.aborted).toBe(false);
  expect(plan.chosen).toEqual([second]);
  sent();
  expect(await Promise.all(runs)).toEqual([{ how: 'done' }, { how: 'done' }]);
  void searches.byCalendar(second);
  await clock.settle();
  searches.abort(second);
  expect(asked[1]!.signal.aborted).toBe(true);
});

it('a search that failed in a way nobody expected does not keep others from asking the same', async () => {
  const { clock, asked, searches, wish } = await make();
  const one = wish(1, { query: 'rare ep', scope: { user: 'al' } });
  const run = searches.byCalendar(one);
  await clock.settle();
  asked[0]!.fail(new Error('broken'));
  await expect(run).rejects.toThrow('broken');
  void searches.byCalendar(one);
  await clock.settle();
  expect(asked).toHaveLength(2);
});

it('buddies are asked as long as the wish wants it, all in one round', async () => {
  const { clock, asked, searches, wish } = await make();
  const one = wish(1, { query: 'rare ep', scope: 'buddies' });
  const run = searches.byCalendar(one);
  await clock.settle();
  await clock.advance(1_000);
  asked[0]!.sent();
  await clock.settle();
  one.stored.mode = 'paused';
  asked[1]!.sent();
  await run;
  expect(asked.map(({ plan }) => plan.target)).toEqual([
    { kind: 'user', user: 'al' },
    { kind: 'user', user: 'bob' },
  ]);
  expect(asked[0]!.plan.round).toBe(asked[1]!.plan.round);
});
