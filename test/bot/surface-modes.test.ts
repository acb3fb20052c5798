import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testBot } from 'seekeeper/testing';
import { afterAll, describe, expect, it } from 'vitest';

/* The same files in the bot's own process and in workers. */

const folder = mkdtempSync(join(tmpdir(), 'seekeeper-surface-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, `${name}.ts`);
  writeFileSync(path, text);
  return path;
};

const lyrics = file(
  'lyrics',
  `import { definePlugin } from 'seekeeper';
export default definePlugin({
  name: 'lyrics',
  setup(bot) {
    bot.provide('lyrics', {
      async find(song: string) {
        if (song === 'none') throw new Error('no such song');
        return { song, again: song === 'x' ? await bot.use('asker').count() : 0 };
      },
    });
  },
});
`,
);

const asker = file(
  'asker',
  `import { definePlugin, s, arg } from 'seekeeper';
export default definePlugin({
  name: 'asker',
  texts: { en: { which: 'Which song, {user}?' }, de: { which: 'Welches Lied, {user}?' } },
  setup(bot) {
    let asked = 0;
    bot.provide('asker', { count: () => asked });
    const lyrics = bot.use<{ find(song: string): { song: string; again: number } }>('lyrics');
    const dialog = bot.dialog({
      id: 'ask',
      state: s.object({ by: s.string() }),
      onTimeout: 'Too late.',
      steps: {
        start: ({ user }) => ({ say: bot.t('which', { user }), to: 'song' }),
        async song({ text, state }) {
          asked++;
          bot.metric.count('asked', { by: state.by });
          const { song, again } = await lyrics.find(text);
          return song + ' for ' + state.by + ', ' + again;
        },
      },
    });
    bot.command({ name: 'lyrics', summary: 'Finds lyrics', run: (call) => dialog.start(call, { by: call.user }) });
  },
});
`,
);

const guard = file(
  'guard',
  `import { definePlugin } from 'seekeeper';
export default definePlugin({
  name: 'guard',
  needs: ['intercept'],
  setup(bot) {
    bot.intercept('outgoing', { onError: 'deny', timeout: '5s' }, ({ text }) => ({ text: text.map((one) => one + '.') }));
    bot.intercept('incoming', { onError: 'allow', timeout: '5s' }, ({ text }) =>
      text === 'die' ? process.exit(1) : { text: text.replace('sogn', 'song') });
  },
});
`,
);

describe.each(['inproc', 'worker'] as const)('%s', (mode) => {
  it('dialogs, services, texts, metrics and interceptors', async () => {
    await using t = await testBot(asker, {
      mode,
      language: 'de',
      also: { lyrics: { plugin: lyrics }, guard: { plugin: guard } },
    });
    await t.say('al', 'indie', '!lyrics');
    await t.say('al', 'indie', 'none');
    await t.say('al', 'indie', 'sogn');
    await t.pm('bob', 'lyrics');
    await t.pm('bob', 'x');
    await t.pm('cy', 'lyrics');
    await t.advance('3m');
    expect(t.text('indie')).toEqual([
      'Welches Lied, al?.',
      'Something went wrong with that. Say it again, or "cancel" to end this..',
      'song for al, 0.',
    ]);
    expect(t.private('bob')).toEqual(['Welches Lied, bob?.', 'x for bob, 3.']);
    expect(t.private('cy')).toEqual(['Welches Lied, cy?.', 'Too late..']);
    expect(t.bot.metrics().plugins).toMatchObject([
      {
        plugin: 'asker',
        series: [
          { labels: { by: 'al' }, by: 2 },
          { labels: { by: 'bob' }, by: 1 },
        ],
      },
    ]);
  });
});

it('an interceptor whose worker is down denies what it would deny, until it is back', async () => {
  await using t = await testBot(asker, {
    mode: 'worker',
    also: { lyrics: { plugin: lyrics }, guard: { plugin: guard } },
  });
  const state = () => t.bot.status().plugins.find(({ id }) => id === 'guard')?.state;
  await t.say('al', 'indie', 'die');
  expect(state()).toBe('restarting');
  await t.say('al', 'indie', '!lyrics');
  expect(t.text('indie')).toEqual([]);
  await t.advance('1m');
  expect(state()).toBe('running');
  await t.say('al', 'indie', '!lyrics');
  expect(t.text('indie')).toEqual(['Which song, al?.']);
});
