import { expect, it } from 'vitest';
import type { PluginInfo } from '../../plugins/host/types.ts';
import { pluginText } from './list-plugins.ts';

const info: PluginInfo = {
  id: 'news',
  name: 'scheduled-search',
  state: 'running',
  runtime: 'inproc',
  restarts: 0,
  since: 0,
  reloads: 0,
  times: { count: 0, meanMs: 0, maxMs: 0 },
  needs: [],
  granted: [],
  handlers: 1,
  commands: ['news', 'old'],
  watches: 0,
  queued: 0,
  calls: 0,
  searches: 0,
  dropped: 0,
  failures: 0,
};

it('tells in few words of a plugin that is well', () => {
  expect(pluginText({ ...info, name: 'news' })).toEqual([
    'news: running, in process',
    '  needs nothing',
    '  1 handler, 2 commands',
  ]);
});

it('tells what there is to know of one that is not', () => {
  expect(
    pluginText({
      ...info,
      state: 'restarting',
      problem: 'out of memory',
      runtime: 'worker',
      share: 'small',
      needs: ['room.say', 'pm.send'],
      granted: ['room.say'],
      memory: { heapBytes: 30 * 1_048_576, externalBytes: 10 * 1_048_576 },
      times: { count: 7, meanMs: 1.26, maxMs: 80.4 },
      restarts: 2,
      dropped: 3,
      file: '/x/news.ts',
    }),
  ).toEqual([
    'news (scheduled-search): restarting, worker small: out of memory',
    '  needs room.say; not granted: pm.send',
    '  1 handler, 2 commands, 3 dropped, 2 restarts',
    '  7 calls, 1.3 ms on average, 80 ms at most',
    '  memory 40 MiB (10 MiB of it outside of the heap)',
    '  /x/news.ts',
  ]);
});

it('says how one in quarantine is started again', () => {
  expect(pluginText({ ...info, state: 'quarantined', problem: 'boom' })[1]).toBe(
    '  seekeeper plugin release news starts it again',
  );
});
