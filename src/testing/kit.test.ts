import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testBot } from './test-bot.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function pluginFile(answer: string): URL {
  const file = join(folder, 'hello.ts');
  writeFileSync(
    file,
    `import { definePlugin, s } from 'seekeeper';
export default definePlugin({
  name: 'hello',
  needs: ['room.read', 'room.say'],
  config: s.object({ who: s.string().default('world') }),
  setup(bot) {
    bot.command({ name: 'hello', summary: 'Greets', cooldown: '10s', run: async () => {
      const times = await bot.store.update<number>('times', (old = 0) => old + 1);
      return \`${answer} \${bot.config.who}, \${times}\`;
    } });
    bot.on('room.join', {}, async (event) => { await event.reply(\`welcome \${event.user}\`); });
    bot.every({ id: 'beat', every: '1h' }, () => bot.say('indie', \`beat \${bot.config.who}\`));
  },
});
`,
  );
  return pathToFileURL(file);
}

describe.each(['inproc', 'worker'] as const)('testBot in mode %s', (mode) => {
  it('answers, decides, keeps time and survives a restart', async () => {
    const file = pluginFile('Hello');
    await using t = await testBot(file, { mode, config: { who: 'al' } });
    await t.say('al', 'indie', '!hello');
    expect(t.text('indie')).toEqual(['welcome al', 'Hello al, 1']);
    await t.say('al', 'indie', '!hello');
    t.expectQuiet();
    expect(await t.why()).toMatchObject([{ what: 'run !hello', user: 'al', room: 'indie' }]);
    expect(await t.why({ user: 'bob' })).toEqual([]);
    expect((await t.jobs()).jobs).toMatchObject([{ instance: 'hello', id: 'beat' }]);
    await t.advance('1h');
    expect(t.text('indie').at(-1)).toBe('beat al');
    await t.downtime('30m');
    await t.say('al', 'indie', '!hello');
    expect(t.text('indie').at(-1)).toBe('Hello al, 2');
    expect(await t.store.get('times')).toBe(2);
    expect(t.bot.status().plugins[0]?.runtime).toBe(mode);
  });

  it('reloads another version with another config, and keeps the old one when that fails', async () => {
    await using t = await testBot(pluginFile('Hello'), { mode });
    await t.say('al', 'indie', '!hello');
    pluginFile('Howdy');
    await t.reload({ config: { who: 'bob' } });
    await t.say('al', 'indie', '!hello');
    expect(t.text('indie').slice(-2)).toEqual(['Hello world, 1', 'Howdy bob, 2']);
    await expect(t.reload({ config: { who: 7 } })).rejects.toThrow('who');
    await t.advance('1m');
    await t.say('al', 'indie', '!hello');
    expect(t.text('indie').at(-1)).toBe('Howdy bob, 3');
    // What was refused does not come back with a restart either.
    await t.downtime('1m');
    await t.say('al', 'indie', '!hello');
    expect(t.text('indie').at(-1)).toBe('Howdy bob, 4');
  });

  it('replays a recording', async () => {
    await using t = await testBot(pluginFile('Hello'), { mode, rooms: ['room1'] });
    const head = '{"kind":"seekeeper-recording","version":1,"began":"2026-01-01T00:00:00.000Z"}';
    const line = (at: number, act: object) => JSON.stringify({ at, ...act });
    const acts = [
      line(0, { act: 'join', user: 'user1', room: 'room1' }),
      line(60_000, { act: 'say', user: 'user1', room: 'room1', text: '!hello' }),
      line(60_000, { act: 'pm', user: 'user2', text: 'hello' }),
    ];
    const before = t.now;
    await t.replay([head, ...acts].join('\n'));
    expect(t.text('room1')).toEqual(['welcome user1', 'Hello world, 1']);
    expect(t.private('user2')).toEqual(['Hello world, 2']);
    expect(t.now - before).toBeGreaterThanOrEqual(60_000);
    const elsewhere = [head, line(0, { act: 'join', user: 'user1', room: 'room9' })].join('\n');
    await expect(t.replay(elsewhere)).rejects.toThrow('does not know the room room9');
    await expect(t.replay('nonsense')).rejects.toThrow('Line 1');
  });
});

it('tells whoever watches that a plugin ended, and that it runs again', async () => {
  const file = join(folder, 'frail.ts');
  writeFileSync(
    file,
    `import { definePlugin } from 'seekeeper';
export default definePlugin({
  name: 'frail',
  setup(bot) {
    bot.command({ name: 'die', summary: 'Ends it', run: () => process.exit(3) });
  },
});
`,
  );
  await using t = await testBot(file, { mode: 'worker' });
  const states: string[] = [];
  t.bot.watch((watched) => {
    if (watched.kind === 'plugin') states.push(watched.state);
  });
  for (let time = 0; time < 3; time += 1) {
    await t.say('al', 'indie', '!die');
    await t.advance('30s');
  }
  expect(states).toEqual(['restarting', 'running', 'restarting', 'running', 'quarantined']);
  const { status } = await t.sandbox.run(t.bot.doctorFacts());
  expect(status.plugins).toMatchObject([{ state: 'quarantined' }]);
  await t.sandbox.run(t.bot.releasePlugin('frail'));
  expect(states.slice(5)).toEqual(['restarting', 'running']);
});
