/*
 * Passes lines of rooms on to a webhook: Discord, ntfy, or any that takes JSON. Lines are collected, so that a busy room
 * does not become a flood there, and tried again when the other side is down.
 *
 *   plugins:
 *     bridge:
 *       use: ./plugins-examples/webhook-bridge.ts
 *       config: { url: 'https://ntfy.example/indie', kind: ntfy, rooms: [indie], words: [seekeeper] }
 */
import { definePlugin, s } from 'seekeeper';

interface Line {
  room: string;
  user: string;
  text: string;
}

/** What is waiting when the other side is down for long: the latest. */
const MAX_WAITING = 200;

export default definePlugin({
  name: 'webhook-bridge',
  needs: ['room.read', 'web'],
  config: s.object({
    url: s.string().describe('Anybody who knows it can write there: keep it to yourself.'),
    kind: s.oneOf('discord', 'ntfy', 'json').default('json'),
    rooms: s.array(s.string(), { min: 1 }),
    /** Only lines with one of these words. */
    words: s.array(s.string({ min: 1 })).default([]),
    every: s.duration({ min: '2s' }).default('10s'),
  }),
  setup(bot) {
    const { url, kind, rooms, words, every } = bot.config;

    /** Names and texts come from strangers: they must not ping anybody over there. */
    const tame = (text: string) => text.replaceAll('@', '@\u200b').replace(/[*_`~|\\]/g, '\\$&');

    function requestFor(lines: readonly Line[]) {
      const plain = lines.map(({ room, user, text }) => `[${room}] ${user}: ${text}`).join('\n');
      switch (kind) {
        case 'discord': {
          const content = lines.map(
            ({ room, user, text }) => `[${tame(room)}] **${tame(user)}**: ${tame(text)}`,
          );
          const body = { content: content.join('\n').slice(0, 2_000), allowed_mentions: { parse: [] } };
          return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
        }
        case 'ntfy':
          return { body: plain.slice(0, 4_000), headers: { title: `${bot.self.user}: ${lines[0]?.room}` } };
        case 'json':
          return { body: JSON.stringify({ lines }), headers: { 'content-type': 'application/json' } };
      }
    }

    const filter = words.length === 0 ? { rooms } : { rooms, text: { includes: words } };
    bot.on('room.message', filter, async ({ room, user, text }) => {
      await bot.store.update<Line[]>('waiting', (waiting = []) =>
        [...waiting, { room: room.name, user, text }].slice(-MAX_WAITING),
      );
    });

    bot.every({ id: 'send', every, misfire: 'skip', retry: { attempts: 1 } }, async () => {
      const lines = (await bot.store.get<Line[]>('waiting'))?.slice(0, 20) ?? [];
      if (lines.length === 0) return;
      const { ok, status } = await bot.web.fetch(url, { method: 'POST', redirects: 0, ...requestFor(lines) });
      // 4xx but "too many requests" will not be better next time.
      const hopeless = status >= 400 && status < 500 && status !== 429;
      if (!ok && !hopeless) throw new Error(`The webhook answers ${status}`);
      if (hopeless) bot.log.warn('The webhook refuses what it is sent', { status });
      bot.metric.count(ok ? 'passed_on' : 'refused', { kind }, lines.length);
      await bot.store.update<Line[]>('waiting', (waiting = []) => waiting.slice(lines.length));
    });
  },
});
