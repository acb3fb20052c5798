/*
 * Tells the titles of links that people post. The bot fetches pages with bot.web, which never reaches the network that
 * the bot itself lives in, whatever a link says.
 *
 *   plugins:
 *     ./plugins-examples/link-titles.ts:
 *       config: { rooms: [indie] }
 */
import { definePlugin, s } from 'seekeeper';

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The title of a page, on one line; undefined if it has none. */
export function titleOf(html: string): string | undefined {
  const raw = /<title[^>]*>([^<]{1,2000})<\/title>/i.exec(html)?.[1];
  const text = raw
    ?.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,8}));/gi, (all, decimal, hex, name) => {
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      if (name !== undefined) return NAMED[String(name)] ?? all;
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
    })
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return text === undefined || text === '' ? undefined : text;
}

export default definePlugin({
  name: 'link-titles',
  needs: ['room.read', 'room.say', 'web'],
  config: s.object({
    rooms: s.array(s.string(), { min: 1 }),
    /** Hosts whose links are left alone. */
    ignore: s.array(s.string()).default([]),
    /** How long before the same link is told again. */
    quietFor: s.duration().default('1h'),
    longest: s.int({ min: 20, max: 300 }).default(150),
  }),
  setup(bot) {
    const { rooms, ignore, quietFor, longest } = bot.config;
    const options = {
      maxBytes: 131_072,
      tooLong: 'cut',
      timeout: '8s',
      headers: { accept: 'text/html' },
    } as const;

    bot.on('room.message', { rooms, text: { pattern: '(?i)https?://' } }, async (message) => {
      const link = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/i.exec(message.text)?.[0];
      if (link === undefined || !URL.canParse(link)) return;
      const { href, hostname } = new URL(link);
      const told = `told/${message.room.name}/${href}`.slice(0, 512);
      if (ignore.includes(hostname) || (await bot.store.get(told)) !== undefined) return;
      await bot.store.set(told, true, { ttl: quietFor });
      let page: Awaited<ReturnType<typeof bot.web.fetch>>;
      try {
        page = await bot.web.fetch(href, options);
      } catch (error) {
        // Not in the room: a line about somebody's broken link helps nobody.
        await bot.why({
          what: 'title',
          reason: error instanceof Error ? error.message : String(error),
          user: message.user,
          room: message.room.name,
          about: message.id,
        });
        return;
      }
      const isPage = page.ok && /\bhtml\b/i.test(page.headers['content-type'] ?? '');
      const title = isPage ? titleOf(page.text) : undefined;
      if (title === undefined) return;
      const shown = title.length > longest ? `${title.slice(0, longest - 1)}…` : title;
      await message.reply(`${shown} (${new URL(page.url).hostname})`, { priority: 'bulk', ttl: '30s' });
    });
  },
});
