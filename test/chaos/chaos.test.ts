import { testBot } from 'seekeeper/testing';
import { expect, it } from 'vitest';

/*
 * The promise of worker plugins, as a whole: fifteen healthy plugins and five hostile ones in one bot, an hour of its
 * time, a thousand lines. The healthy ones hear every line once; the bot answers to the end.
 */

const HEALTHY = 15;
const HOSTILE = ['looper', 'leaker', 'quitter', 'thrower', 'flooder'];
const LINES = 1_000;
const PEOPLE = 20;
const HOUR_MS = 3_600_000;

const plugin = (name: string) => new URL(`./plugins/${name}.ts`, import.meta.url);
const witness = (index: number) => `witness-${index}`;

it('healthy plugins miss nothing while others loop, leak, quit, throw and flood', async () => {
  const also = Object.fromEntries([
    ...HOSTILE.map((name) => [name, { plugin: plugin(name) }] as const),
    ...Array.from(
      { length: HEALTHY - 1 },
      (_, index) =>
        [witness(index + 1), { plugin: plugin('witness'), host: { share: `healthy-${index % 3}` } }] as const,
    ),
  ]);
  await using t = await testBot(plugin('witness'), {
    mode: 'worker',
    id: witness(0),
    also,
    roles: { owner: ['boss'] },
    server: { floodLimits: false },
  });
  const people = [];
  for (let index = 0; index < PEOPLE; index++) {
    await t.join(`p${index}`, 'indie');
    people.push(await t.person(`p${index}`));
  }
  const began = t.now;
  const said: string[] = [];
  for (let round = 0; round * PEOPLE < LINES; round++) {
    for (const person of people) {
      const text = `line ${said.length}`;
      said.push(text);
      // Every tenth in private: what is lost there is lost for good.
      if (said.length % 10 === 0) person.pm(t.user, text);
      else person.say('indie', text);
    }
    await t.advance(HOUR_MS / (LINES / PEOPLE));
  }
  expect(t.now - began).toBeGreaterThanOrEqual(HOUR_MS);

  // The bot still talks.
  await t.pm('boss', 'help');
  expect(t.private('boss').join(' ')).toContain('help');

  const kv = t.bot.status().plugins.map(({ id, state }) => ({ id, state }));
  for (let index = 0; index < HEALTHY; index++) {
    expect(kv).toContainEqual({ id: witness(index), state: 'running' });
    const store = t.storeOf(witness(index));
    const heard = await store.keys('heard/');
    expect({ index, missed: said.filter((text) => !heard.includes(`heard/${text}`)) }).toEqual({
      index,
      missed: [],
    });
    for (const key of heard)
      expect({ index, key, times: await store.get(key) }).toEqual({ index, key, times: 1 });
    expect(await store.get('ticks')).toBeGreaterThanOrEqual(11);
  }

  // What became of the hostile ones is told, by name.
  const told = (id: string) => t.logs().filter(({ fields }) => fields['plugin'] === id);
  for (const id of HOSTILE) expect({ id, told: told(id).length > 0 }).toEqual({ id, told: true });
  const fates = t.bot.status().plugins.filter(({ id }) => ['looper', 'quitter', 'leaker'].includes(id));
  for (const { id, restarts, state } of fates)
    expect({ id, restarted: restarts > 0 || state === 'quarantined' }).toEqual({ id, restarted: true });
  expect(fates).toHaveLength(3);
}, 300_000);
