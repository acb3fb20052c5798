/*
 * Searches for a room's favourites for as long as it takes, and announces what turns up there for the first time. Each
 * wish remembers what it has seen; a restart does not make anything news again.
 *
 *   plugins:
 *     ./plugins-examples/wish-announce.ts:
 *       config: { room: indie, wishes: { harbour: 'quiet harbour -live', lantern: 'lantern "first press"' } }
 */
import { definePlugin, s, type WishFinds } from 'seekeeper';

export default definePlugin({
  name: 'wish-announce',
  needs: ['search.run', 'notify', 'room.say'],
  config: s.object({
    room: s.string(),
    wishes: s.record(s.string({ min: 3 })).describe('What to search for, by a short name.'),
    lossless: s.boolean().default(true),
    /** Finds that one announcement names. */
    best: s.int({ min: 1, max: 5 }).default(3),
  }),
  setup(bot) {
    const { room, wishes, lossless, best } = bot.config;

    async function announce({ id, wish, finds }: WishFinds): Promise<void> {
      const named = finds
        .slice(0, best)
        .map(({ hit, kind }) => `${hit.name} from ${hit.user}${kind === 'better' ? ' (better)' : ''}`);
      const more = finds.length > named.length ? ` (+${finds.length - named.length})` : '';
      const title = `New for "${wish.options.query}": ${named.join(' | ')}${more}`;
      // The key: if this plugin dies in between, the finds come again, and the room hears of them once.
      await bot.notify({ room }, { title: title.slice(0, 200), key: id });
    }

    for (const [id, query] of Object.entries(wishes)) {
      bot.wishlist({
        id,
        query,
        every: '2h',
        filter: { locked: 'exclude', ...(lossless ? { class: ['lossless'] } : {}) },
        tell: { sources: false, better: true },
        onFinds: announce,
      });
    }
  },
});
