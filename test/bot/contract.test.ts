import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { arg, definePlugin, s } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Plugins as their authors write them from the examples of the API's design, word for word. */
const greeter = definePlugin({
  name: 'greeter',
  needs: ['room.read', 'room.say'],
  config: s.object({
    rooms: s.array(s.string(), { min: 1 }),
    text: s.string().default('Welcome {user}, type !help to see what I can do.'),
    quietFor: s.duration().default(86_400_000), // per user and room
  }),
  setup(bot) {
    const { rooms, text, quietFor } = bot.config; // typed: string[], string, number (ms)
    bot.on('room.join', { rooms, notFrom: [bot.self.user] }, async (e) => {
      const key = `${e.room.name}/${e.user}`;
      if (await bot.store.get(key)) return;
      await bot.store.set(key, e.at, { ttl: quietFor });
      await e.reply(text.replace('{user}', e.user), { priority: 'bulk', ttl: 30_000 });
    });
  },
});

interface Sighting {
  at: number;
  room: string;
  text: string;
  count: number;
}

const seen = definePlugin({
  name: 'seen',
  needs: ['room.read', 'room.say', 'moderate'],
  config: s.object({ announceIn: s.string(), timezone: s.string().default('UTC') }),
  setup(bot) {
    bot.on('room.message', async (m) => {
      await bot.store.update<Sighting>(`u/${m.user.toLowerCase()}`, (old) => ({
        at: m.at,
        room: m.room.name,
        text: m.text,
        count: (old?.count ?? 0) + 1,
      }));
    });
    bot.command({
      name: 'seen',
      aliases: ['lastseen'],
      in: 'any',
      summary: 'When did somebody last speak?',
      args: { user: arg.user(), detail: arg.optional(arg.oneOf('short', 'full')) },
      cooldown: { user: 10_000, room: 3_000 },
      examples: ['seen alice', 'seen "two words" full'],
      async run({ args, at, refundCooldown }) {
        const hit = await bot.store.get<Sighting>(`u/${args.user.toLowerCase()}`);
        if (!hit) {
          refundCooldown();
          return `I have not seen ${args.user}.`;
        }
        const ago = Math.round((at - hit.at) / 60_000);
        return args.detail === 'full'
          ? `${args.user}: ${ago} min ago in ${hit.room}, saying "${hit.text}" (${hit.count} lines)`
          : `${args.user}: ${ago} min ago in ${hit.room}`;
      },
    });
    bot.command({
      name: 'forget',
      summary: 'Erase what I know about a user',
      args: { user: arg.user() },
      allow: ['mod', 'owner'],
      run: async ({ args }) => {
        await bot.store.delete(`u/${args.user.toLowerCase()}`);
        return `Forgot ${args.user}.`;
      },
    });
  },
});

describe("the API's own examples", () => {
  it('the greeter', async () => {
    await using t = await testBot(greeter, { config: { rooms: ['indie'] } });
    await t.join('bob', 'indie');
    await t.leave('bob', 'indie');
    await t.join('bob', 'indie');
    expect(t.text('indie')).toEqual(['Welcome bob, type !help to see what I can do.']);
  });

  it('typed args, permissions, cooldown with refund', async () => {
    await using t = await testBot(seen, {
      mode: 'inproc',
      config: { announceIn: 'indie' },
      roles: { mod: ['meg'] },
    });
    await t.say('bob', 'indie', 'hello there');
    await t.advance('5m');
    await t.say('al', 'indie', '!seen');
    await t.say('al', 'indie', '!seen nobody');
    await t.say('al', 'indie', '!seen bob full');
    await t.say('al', 'indie', '!seen bob'); // inside the cooldown: silent
    await t.say('al', 'indie', '!forget bob');
    await t.say('meg', 'indie', '!forget bob');
    expect(t.text('indie')).toEqual([
      'missing user — usage: !seen <user> [detail]',
      'I have not seen nobody.',
      'bob: 5 min ago in indie, saying "hello there" (1 lines)',
      'al: you need mod or owner for !forget',
      'Forgot bob.',
    ]);
  });
});

describe('testBot with the file of the plugin', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'seekeeper-contract-'));
    writeFileSync(
      join(folder, 'hi.ts'),
      `import { definePlugin } from 'seekeeper';
export default definePlugin({ name: 'hi', setup(bot) { bot.command({ name: 'hi', summary: 'Hi', run: ({ user }: { user: string }) => 'hi ' + user }); } });`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['inproc'] as const)('%s', async (mode) => {
    const file = pathToFileURL(join(folder, 'hi.ts')).href;
    const module = { default: definePlugin({ name: 'hi', setup() {} }) };
    await using t = await testBot(module, file, { mode });
    await t.say('al', 'indie', '!hi');
    expect(t.text('indie')).toEqual(['hi al']);
  });
});
