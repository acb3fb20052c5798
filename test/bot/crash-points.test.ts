import { definePlugin } from 'seekeeper';
import { type TestBot, testBot } from 'seekeeper/testing';
import { afterEach, describe, expect, it } from 'vitest';

interface Handling {
  readonly id: string;
  readonly text: string;
  readonly redelivered: boolean;
}

/** What the handlers saw, over all lives of the bot. */
let handled: Handling[] = [];
let current: TestBot | undefined;

afterEach(async () => {
  handled = [];
  await current?.dispose();
});

const counter = definePlugin({
  name: 'counter',
  needs: ['pm.read'],
  setup(bot) {
    bot.on('private.message', async ({ id, text, redelivered, reply }) => {
      handled.push({ id, text, redelivered });
      let fresh = false;
      await bot.store.update<readonly string[]>('seen', (seen = []) => {
        fresh = !seen.includes(id);
        return fresh ? [...seen, id] : seen;
      });
      if (fresh) await reply(`noted ${text}`);
    });
    bot.command({
      name: 'count',
      summary: 'Counts',
      onReplay: 'run',
      run: async ({ id, redelivered }) => {
        handled.push({ id: `command ${id}`, text: 'count', redelivered });
        return `counted for ${id.slice(0, 4)}`;
      },
    });
  },
});

/** Four messages of two people, one of them a command, some while the bot may be down. */
async function talk(t: TestBot): Promise<void> {
  const [al, bob] = [await t.person('al'), await t.person('bob')];
  al.pm(t.user, 'one');
  bob.pm(t.user, 'two');
  await t.settle();
  al.pm(t.user, '!count');
  bob.pm(t.user, 'three');
  await t.settle();
}

/** Runs the scenario with a death at one write. @returns whether the bot died. */
async function dieAt(write: number, when: 'before' | 'after'): Promise<boolean> {
  const t = await testBot(counter);
  current = t;
  t.disk.crashAfter(write, when);
  await talk(t);
  const died = t.disk.crashed;
  // What the server was told is stored is stored.
  const stored = await t.database('select id, sender from inbox');
  for (const { id, from, ackedAt } of t.sandbox.server.world.messages) {
    if (ackedAt !== undefined && from !== t.user) expect(stored).toContainEqual({ id, sender: from });
  }
  await t.kill();
  await t.start();
  await t.advance('2m');
  const texts = new Set(handled.map(({ text }) => text));
  expect([...texts].sort()).toEqual(['!count', 'count', 'one', 'three', 'two']);
  const times = new Map<string, number>();
  for (const { id, redelivered } of handled) {
    const time = (times.get(id) ?? 0) + 1;
    times.set(id, time);
    if (time > 1) expect(redelivered).toBe(true);
  }
  expect(await t.store.get<string[]>('seen')).toHaveLength(4);
  // Never twice: rather a line is lost than repeated.
  const noted = t.sent().filter(({ text }) => text.startsWith('noted'));
  expect(new Set(noted.map(({ text }) => text)).size).toBe(noted.length);
  expect((await t.database("select count(*) as n from inbox where state != 'done'"))[0]).toEqual({ n: 0 });
  await t.dispose();
  handled = [];
  return died;
}

describe('killed at any write while people write', () => {
  // `after` differs from `before` the next one at commits only, so a part of them will do.
  it.each([
    ['before', 1],
    ['after', 3],
  ] as const)(
    '%s it, every %i: handles every message, announces every second time, counts exactly',
    async (when, step) => {
      let write = 1;
      while (await dieAt(write, when)) write += step;
      expect(write).toBeGreaterThan(60);
    },
  );
});
