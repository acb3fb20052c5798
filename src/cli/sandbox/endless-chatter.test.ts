import { expect, it } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { virtualSandbox } from '../../sandbox/index.ts';
import { endlessChatter } from './endless-chatter.ts';

it('goes on after a timetable is over, and leaves nothing behind when it is stopped', async () => {
  const sandbox = await virtualSandbox({ seed: 7 });
  const { clock } = sandbox.world;
  const said: number[] = [];
  sandbox.server.on('line', ({ at }) => said.push(at));
  const began = clock.now();
  const broken: string[] = [];
  const stop = endlessChatter({
    sandbox,
    random: new SeededRandom(7),
    people: ['alice', 'bob'],
    room: 'lobby',
    onBroken: (why) => broken.push(why),
  });
  await clock.advance(25 * 60_000);
  expect(said.some((at) => at > began + 20 * 60_000)).toBe(true);
  stop();
  const before = said.length;
  await clock.advance(25 * 60_000);
  expect(said.length).toBe(before);
  expect(broken).toEqual([]);
  await sandbox.stop();
});
