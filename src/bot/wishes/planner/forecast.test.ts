import { expect, it } from 'vitest';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { newWish } from '../../store/wish-rows.ts';
import { compileWish, LiveWish } from '../live-wish.ts';
import { Forecast } from './forecast.ts';
import { Pace } from './pace.ts';

it('is made once for all wishes, also while a turn can be had and nobody takes it', async () => {
  const clock = new VirtualClock();
  const wishes = Array.from({ length: 50 }, (_, seq) => {
    const spec = { query: `album number${seq}` };
    const fresh = newWish({ instance: 'p', id: `${seq}`, spec, registered: false, createdAt: clock.now() });
    return new LiveWish({ ...fresh, seq }, compileWish(spec, {}));
  });
  let made = 0;
  const forecast = new Forecast({
    clock,
    wishes: () => {
      made++;
      return wishes;
    },
    interval: () => 720,
    delay: () => 0,
    pace: new Pace(clock, () => 720_000),
  });
  const all = () => wishes.map((wish) => forecast.next(wish));
  expect(all()[0]).toBe(clock.now());
  all();
  expect(made).toBe(1);
  await clock.advance(60_001);
  expect(all()[0]).toBe(clock.now());
  expect(made).toBe(2);
  forecast.invalidate();
  all();
  expect(made).toBe(3);
});
