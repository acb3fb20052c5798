import { definePlugin } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { afterEach, expect, it } from 'vitest';

const seen = definePlugin({
  name: 'seen',
  needs: ['room.read'],
  personal: [
    { keys: 'u/{user}', what: 'when you last spoke' },
    { keys: 'room/*/{user}', what: 'where you spoke' },
  ],
  setup(bot) {
    bot.on('room.message', { notFrom: [bot.self.user] }, async (m) => {
      await bot.store.set(`u/${m.user}`, { text: m.text });
      await bot.store.set(`room/${m.room.name}/${m.user}`, m.at);
    });
  },
});

const notes = definePlugin({
  name: 'notes',
  setup(bot) {
    const kept = new Map<string, string>();
    bot.personal({
      what: 'your note',
      show: (user) => kept.get(user),
      forget: (user) => (kept.delete(user) ? 1 : 0),
    });
    bot.personal({
      what: 'something broken',
      show: () => undefined,
      forget: () => {
        throw new Error('the disk is on fire');
      },
    });
    bot.command({ name: 'note', summary: 'Notes', run: ({ user }) => void kept.set(user, `of ${user}`) });
  },
});

let t: Awaited<ReturnType<typeof testBot>>;
afterEach(() => t.dispose());

it('shows and deletes what is kept about somebody, over all plugins and in two steps', async () => {
  t = await testBot(seen, { also: { notes: { plugin: notes } } });
  await t.say('al', 'indie', 'hello');
  await t.say('Al', 'indie', 'hello from another');
  await t.say('al', 'indie', '!note');
  await t.pm('al', '!mydata');
  const shown = t.private('al').join('\n');
  expect(shown).toContain('2 lines in rooms');
  expect(shown).toContain('seen: when you last spoke (1): u/al = {"text":"!note"}');
  expect(shown).toContain('seen: where you spoke (1)');
  expect(shown).toContain('notes: your note (1): of al');

  await t.pm('al', '!forgetme yes');
  expect(t.private('al').at(-1)).toBe('Say !forgetme first, then !forgetme yes.');
  await t.pm('al', '!forgetme');
  expect(t.private('al').at(-1)).toContain('!forgetme yes within 2 minutes');
  await t.advance('3m');
  await t.pm('al', '!forgetme yes');
  expect(t.private('al').at(-1)).toBe('Say !forgetme first, then !forgetme yes.');
  expect(await t.store.get('u/al')).toBeDefined();
  await t.pm('al', '!forgetme');
  await t.pm('al', '!forgetme yes');
  const done = t.private('al').join('\n');
  expect(done).toMatch(/Deleted about al: 2 lines in rooms, .*1 things of notes, 2 things of seen\./);
  expect(done).toContain('notes could not delete all of it: something broken: the disk is on fire');
  expect(await t.store.keys()).toEqual(['room/indie/Al', 'u/Al']);
  const left = await t.database("select * from journal where person = 'al' and kind = 'room.line'");
  expect(left).toEqual([]);
  expect(await t.database("select * from journal where person = 'Al' and kind = 'room.line'")).toHaveLength(
    1,
  );
});

it('reaches the data of a plugin that is not loaded any more', async () => {
  t = await testBot(seen, { onPluginFailure: 'continue' });
  await t.say('al', 'indie', 'hello');
  await t.stop();
  await t.start();
  // Nobody says so, but the declaration of the run before is what counts while nothing is loaded.
  expect(await t.database('select instance, pattern from personal_keys')).toEqual([
    { instance: 'seen', pattern: 'u/{user}' },
    { instance: 'seen', pattern: 'room/*/{user}' },
  ]);
  expect((await t.bot.forget('al')).plugins).toEqual([{ plugin: 'seen', deleted: 2, problems: [] }]);
  expect(await t.store.keys()).toEqual([]);
});

it('never takes the data of others, whatever somebody calls himself', async () => {
  t = await testBot(seen);
  for (const user of ['al', 'a*', '*', 'al-x', '{user}']) await t.say(user, 'indie', 'hello');
  await t.bot.forget('*');
  await t.bot.forget('a*');
  expect(await t.store.keys('u/')).toEqual(['u/al', 'u/al-x', 'u/{user}']);
});

it('finds what a timer was to do also when that was given up', async () => {
  const tea = definePlugin({
    name: 'tea',
    personal: [{ keys: '{user}/*', timer: 'tea', what: 'your tea' }],
    setup(bot) {
      const dry = () => {
        throw new Error('no water');
      };
      const kettle = bot.timer<string>('tea', dry, { retry: { attempts: 1 } });
      bot.command({
        name: 'tea',
        summary: 'Tea',
        run: ({ user, at, id }) => kettle.set(`${user}/${id}`, at + 1_000, `for ${user}`),
      });
    },
  });
  t = await testBot(tea);
  for (const user of ['al', 'bo']) await t.say(user, 'indie', '!tea');
  await t.advance('1m');
  expect(await t.database('select state from job_run')).toEqual([{ state: 'dead' }, { state: 'dead' }]);
  expect((await t.bot.personalData('al')).plugins).toMatchObject([
    { items: [{ what: 'your tea', count: 1 }] },
  ]);
  expect((await t.bot.forget('al')).plugins).toEqual([{ plugin: 'tea', deleted: 1, problems: [] }]);
  expect(await t.database('select payload from job_run')).toEqual([{ payload: '"for bo"' }]);
});
