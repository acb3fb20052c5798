import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandCall, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'seekeeper-reload-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const counter = (version: string, more = '') => `
  import { definePlugin } from 'seekeeper';
  let count = 0;
  export const handover = { save: () => ({ count }), restore: (state) => { count = state.count; } };
  export default definePlugin({
    name: 'counter',
    needs: ['room.read', 'room.say'],
    store: { version: ${version === 'three' ? 2 : 1}, migrate: ${version === 'three' ? "{ 2: ({ key, value }) => ({ key: 'new/' + key, value }) }" : '{}'} },
    async setup(bot) {
      bot.on('room.message', () => { count++; });
      bot.command({ name: 'count', summary: 's', run: () => '${version} ' + count });
      bot.command({ name: 'slow', summary: 's', run: async () => { await bot.store.get('slow'); return 'read'; } });
      bot.say('indie', '${version} is here').catch(() => {});
      ${more}
    },
  });`;

it.each(['inproc', 'worker'] as const)(
  'in %s it goes the same way',
  async (kind) => {
    const { host, services, clock } = fakeHost({ baseDir: folder, limits: { handlerMs: 1_000 } });
    const file = join(folder, `${kind}.ts`);
    const request = { id: 'p', use: { path: file }, runtime: { kind } };
    const ask = async (name: string) => {
      const result = await host.invokeCommand('p', name, commandCall(name, 'al'));
      return result.state === 'done' ? result.reply[0] : result;
    };
    const spoken = () => host.dispatch(roomMessage('indie', 'al', 'x'));
    try {
      writeFileSync(file, counter('one'));
      await host.load(request);
      await services.store.set('p', 'k', 1, undefined);
      expect(host.changed(request)).toBe(false);
      await spoken();
      writeFileSync(file, counter('two'));
      expect(host.changed(request)).toBe(true);
      expect(await host.reload(request)).toMatchObject({ runtime: kind, reloads: 1 });
      await spoken();
      expect(await ask('count')).toBe('two 2');

      writeFileSync(file, counter('broken', `throw new Error('out of order');`));
      await expect(host.reload(request)).rejects.toThrow(/setup failed: out of order/);
      await spoken();
      expect(await ask('count')).toBe('two 3');

      writeFileSync(file, counter('three'));
      await host.reload(request);
      expect(await ask('count')).toBe('three 3');
      expect([...services.data.keys()]).toEqual(['p/new/k']);
      expect(services.said).toEqual(['one is here', 'two is here', 'three is here']);

      // Its time stands still while it waits for the host.
      let release = () => {};
      services.beforeStore = () => new Promise((resolve) => (release = resolve));
      const slow = ask('slow');
      await clock.advance(5_000);
      release();
      expect(await slow).toBe('read');
      expect(services.problems.map((problem) => problem.kind)).toEqual(['reload']);
    } finally {
      await host.close('test');
    }
  },
  60_000,
);
