import { expect, it } from 'vitest';
import { after } from '../../platform/time.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { VirtualFileWatch } from '../../platform/virtual/virtual-file-watch.ts';
import { DevWatch } from './dev-watch.ts';
import { NOTHING_DONE } from './reload-report.ts';

function world(reloadMs = 0) {
  const clock = new VirtualClock();
  const watch = new VirtualFileWatch();
  const files = new Map([['a', ['/a.ts', '/lib.ts']]]);
  const forced: string[][] = [];
  let done = 0;
  const dev = new DevWatch({
    clock,
    watch,
    config: '/config.yaml',
    files: () => files,
    async reload({ force = new Set() }) {
      forced.push([...force]);
      await after(clock, reloadMs);
      return NOTHING_DONE;
    },
    done: () => done++,
  });
  return { clock, watch, files, forced, dev, done: () => done };
}

it('reloads once when a file, or the config, is saved in several steps', async () => {
  const { clock, watch, forced, done } = world();
  expect(watch.watched).toEqual(['/a.ts', '/config.yaml', '/lib.ts']);
  watch.change('/lib.ts');
  await clock.advance(100);
  watch.change('/lib.ts');
  watch.change('/config.yaml');
  await clock.advance(149);
  expect(forced).toEqual([]);
  await clock.advance(1);
  expect([forced, done()]).toEqual([[[]], 1]);
  await clock.advance(10_000);
  expect(done()).toBe(1);
});

it('watches what plugins consist of now', async () => {
  const { clock, watch, files } = world();
  files.set('b', ['/b.ts']);
  files.delete('a');
  watch.change('/config.yaml');
  await clock.advance(200);
  expect(watch.watched).toEqual(['/b.ts', '/config.yaml']);
});

it('goes again for what is saved while it reloads, and then trusts no content that it has read', async () => {
  const { clock, watch, forced } = world(1_000);
  watch.change('/a.ts');
  await clock.advance(500);
  watch.change('/a.ts');
  await clock.advance(5_000);
  expect(forced).toEqual([[], ['a']]);
});

it('ends', async () => {
  const { clock, watch, forced, dev } = world();
  watch.change('/a.ts');
  dev.stop();
  watch.change('/a.ts');
  await clock.advance(1_000);
  expect([forced, watch.watched, clock.pending]).toEqual([[], [], 0]);
});
