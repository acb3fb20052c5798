/*
 * Counts how often people look for certain words, and tells with !trends. Nobody's name is kept.
 *
 *   plugins:
 *     ./plugins-examples/search-trends.ts:
 *       config: { terms: [harbour, "quiet harbour", lantern] }
 */
import { definePlugin, s } from 'seekeeper';

export default definePlugin({
  name: 'search-trends',
  needs: ['search.listen'],
  config: s.object({ terms: s.array(s.string({ min: 3, max: 100 }), { min: 1 }) }),
  setup(bot) {
    const { terms } = bot.config;

    // The bot compares and collects; this runs at most once in five seconds, whatever the network does.
    const options = { terms, hashUsers: true, batch: { ms: '5s', max: 500 } };
    bot.onBatch('search.request', options, async (requests, { dropped }) => {
      if (dropped > 0) bot.log.warn('Searches were not counted', { dropped });
      // One person who repeats a search counts once in a batch.
      const who = new Map<string, Set<string>>();
      for (const { user, terms: found = [] } of requests) {
        for (const term of found) who.set(term, (who.get(term) ?? new Set()).add(user));
      }
      for (const [term, users] of who) {
        await bot.store.update<number>(`count/${term}`, (old = 0) => old + users.size);
      }
    });

    bot.command({
      name: 'trends',
      summary: 'What people look for',
      cooldown: { room: '30s' },
      async run() {
        const counts = await Promise.all(
          terms.map(async (term) => ({ term, count: (await bot.store.get<number>(`count/${term}`)) ?? 0 })),
        );
        const top = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
        if (top.length === 0) return 'Nobody looked for any of it yet.';
        return top
          .slice(0, 5)
          .map(({ term, count }) => `${term}: ${count}`)
          .join(', ');
      },
    });
  },
});
