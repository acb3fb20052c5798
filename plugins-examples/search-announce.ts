/*
 * Searches for something every few hours and tells a room what is new. It does so when people talk there: an
 * announcement that nobody reads is only noise. Anybody may ask sooner with !find <words>.
 *
 *   plugins:
 *     ./plugins-examples/search-announce.ts:
 *       config: { room: indie, query: 'quiet harbour -live', every: 6h }
 */
import { arg, definePlugin, formatDuration, type SearchHit, s } from 'seekeeper';

export default definePlugin({
  name: 'search-announce',
  needs: ['search.run', 'room.read', 'room.say'],
  config: s.object({
    room: s.string(),
    query: s.string({ min: 3 }),
    every: s.duration({ min: '10m' }).default('6h'),
    /** Hits that one line may name. */
    best: s.int({ min: 1, max: 5 }).default(3),
  }),
  setup(bot) {
    const { room, query, every, best } = bot.config;
    const filter = { locked: 'exclude', verified: true } as const;

    // A key has room for 512 characters; what tells paths apart is rather at their ends.
    const seenKey = ({ user, path }: SearchHit) => `seen/${user}/${path.slice(-240)}`;

    async function findNew(): Promise<SearchHit[]> {
      const found: SearchHit[] = [];
      const search = bot.search({ query, limit: 200, perUser: 20, timeout: '30s', ttl: '2m', filter });
      for await (const hit of search) {
        if ((await bot.store.get(seenKey(hit))) === undefined) found.push(hit);
      }
      for (const hit of found) await bot.store.set(seenKey(hit), true, { ttl: '30d' });
      return found;
    }

    /** Who can send at once comes first, then who is fast. */
    const byWorth = (a: SearchHit, b: SearchHit) =>
      Number(b.slotFree) - Number(a.slotFree) || a.queueLength - b.queueLength || b.speed - a.speed;

    function told(hits: readonly SearchHit[]): string {
      const named = [...hits]
        .sort(byWorth)
        .slice(0, best)
        .map(({ user, name, size }) => `${name} (${(size / 1e6).toFixed(1)} MB) from ${user}`);
      const more = hits.length - named.length;
      return named.join(' | ') + (more > 0 ? ` (+${more})` : '');
    }

    bot.on('room.message', { rooms: [room] }, async ({ at }) => {
      // Whoever writes the time first does it; what is said meanwhile finds it written.
      let mine = false;
      await bot.store.update<number>('last', (last) => {
        mine = last === undefined || at - last >= every;
        return mine ? at : last;
      });
      if (!mine) return;
      let hits: SearchHit[] = [];
      try {
        hits = await findNew();
      } catch (error) {
        // Another plugin may have searched for the same just now.
        bot.log.warn('The search did not run', { reason: String(error) });
      }
      if (hits.length > 0) await bot.say(room, `New for "${query}": ${told(hits)}`, { priority: 'bulk' });
    });

    bot.command({
      name: 'find',
      summary: 'Search the network',
      args: { words: arg.text() },
      cooldown: { user: '2m', room: '30s' },
      examples: ['find quiet harbour'],
      async run({ args, refundCooldown }) {
        const hits: SearchHit[] = [];
        const search = bot.search({
          query: args.words,
          limit: 50,
          timeout: '10s',
          filter,
          priority: 'reply',
        });
        try {
          for await (const hit of search) hits.push(hit);
        } catch (error) {
          refundCooldown();
          return error instanceof Error ? error.message : String(error);
        }
        if (hits.length > 0) return told(hits);
        return `Nobody answered for ${formatDuration(10_000)}.`;
      },
    });
  },
});
