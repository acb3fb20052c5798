import fc from 'fast-check';
import { expect, it } from 'vitest';
import { after as pass } from '../../platform/time.ts';
import { definePlugin } from '../api/index.ts';
import { privateMessage, roomMessage } from './testing/fake-events.ts';
import { fakeHost } from './testing/fake-services.ts';

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('room', 'private' as const),
      user: fc.constantFrom('al', 'bo', 'cy'),
      ms: fc.nat(60),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('reload', 'fail', 'handover', 'migrate' as const) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(100) }) },
);

it('every event is handled exactly once, and in order per person and place, whatever is reloaded when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { host, clock, services } = fakeHost();
      const handled: { key: string; n: number }[] = [];
      const busy = new Set<string>();
      let layout = 1;
      const version = (kind: 'reload' | 'fail' | 'handover' | 'migrate') => {
        if (kind === 'migrate') layout++;
        return {
          default: definePlugin({
            name: 'x',
            needs: ['room.read', 'pm.read'],
            store: { version: layout },
            async setup(bot) {
              const handle = async (key: string, text: string) => {
                const [n = 0, ms = 0] = text.split(' ').map(Number);
                expect(busy.has(key)).toBe(false);
                busy.add(key);
                await pass(clock, ms);
                busy.delete(key);
                handled.push({ key, n });
              };
              bot.on('room.message', (m) => handle(`room ${m.user}`, m.text));
              bot.on('private.message', (m) => handle(`private ${m.user}`, m.text));
              await pass(clock, 20);
              if (kind === 'fail') throw new Error('no');
            },
          }),
          ...(kind === 'handover' && {
            handover: { save: () => pass(clock, 15), restore: () => pass(clock, 15) },
          }),
        };
      };
      const reload = (kind: Parameters<typeof version>[0]) =>
        host.reload({ id: 'p', use: { plugin: version(kind) } }).catch((error: unknown) => {
          expect((error as Error).message).toMatch(/: no$/);
        });
      const first = reload('handover');
      await clock.advance(20);
      await first;
      const work: Promise<unknown>[] = [];
      const sent: { key: string; n: number }[] = [];
      for (const [n, one] of steps.entries()) {
        if (one.do === 'wait') await clock.advance(one.ms);
        else if (one.do === 'room' || one.do === 'private') {
          const text = `${n} ${one.ms}`;
          const event =
            one.do === 'room' ? roomMessage('indie', one.user, text) : privateMessage(one.user, text);
          sent.push({ key: `${one.do} ${one.user}`, n });
          work.push(host.dispatch(event).then((o) => expect(o).toMatchObject({ handled: 1, unfinished: 0 })));
        } else work.push(reload(one.do));
      }
      await clock.advance(60_000);
      await Promise.all(work);
      for (const key of new Set(sent.map((one) => one.key)))
        expect(handled.filter((one) => one.key === key)).toEqual(sent.filter((one) => one.key === key));
      expect(handled).toHaveLength(sent.length);
      expect(services.problems.every(({ kind }) => kind === 'reload')).toBe(true);
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 80 },
  );
});
