/*
 * What is looked for most, and by how many: !demand. The network asks some fifty times a second; a share of that is
 * enough to see what people want. Nobody's name is kept: users are counted by stand-ins, and only for a day.
 *
 *   plugins:
 *     ./plugins-examples/demand-board.ts:
 *       config: { share: 0.1, room: indie }
 */
import { arg, definePlugin, s } from 'seekeeper';

interface Demand {
  query: string;
  /** Stand-ins of who asked. */
  users: string[];
}

/** More askers than that make no difference to the board. */
const MAX_USERS = 200;

export default definePlugin({
  name: 'demand-board',
  needs: ['search.listen', 'room.say'],
  config: s.object({
    /** Of all searches. */
    share: s.number({ min: 0.001, max: 1 }).default(0.1),
    /** Searches that are remembered at a time. */
    most: s.int({ min: 10, max: 20_000 }).default(2_000),
    room: s.string().optional().describe('Where the top of the day is told.'),
    cron: s.string().default('0 20 * * *'),
  }),
  setup(bot) {
    const { share, most, room, cron } = bot.config;
    // The same words in another order are the same wish; what is excluded does not count.
    const normal = (query: string) =>
      [
        ...new Set(
          query
            .toLowerCase()
            .split(/\s+/)
            .filter((word) => word !== '' && !/^[-*]/.test(word)),
        ),
      ]
        .sort()
        .join(' ');

    bot.onBatch(
      'search.request',
      { sample: share, hashUsers: true, batch: { ms: '10s', max: 2_000 } },
      async (requests) => {
        const wanted = new Map<string, { query: string; users: Set<string> }>();
        for (const { query, user } of requests) {
          const key = normal(query);
          if (key.length < 3 || key.length > 200) continue;
          const one = wanted.get(key) ?? { query: query.trim(), users: new Set() };
          wanted.set(key, one);
          one.users.add(user);
        }
        const room = most - (await bot.store.keys('want/')).length;
        let fresh = 0;
        for (const [key, { query, users }] of wanted) {
          await bot.store.update<Demand>(
            `want/${key}`,
            (old) => {
              // A full board takes no new wishes; old ones leave it within a day.
              if (old === undefined && fresh >= room) return undefined;
              if (old === undefined) fresh += 1;
              const all = new Set([...(old?.users ?? []), ...users]);
              return { query: old?.query ?? query, users: [...all].slice(0, MAX_USERS) };
            },
            { ttl: '1d' },
          );
        }
      },
    );

    async function top(count: number, word?: string): Promise<string | undefined> {
      const all = await bot.store.entries<Demand>('want/');
      const best = all
        .filter(({ value }) => word === undefined || value.query.toLowerCase().includes(word.toLowerCase()))
        .sort((a, b) => b.value.users.length - a.value.users.length)
        .slice(0, count);
      if (best.length === 0) return undefined;
      return best.map(({ value }) => `${value.query} (${value.users.length})`).join(' | ');
    }

    bot.command({
      name: 'demand',
      summary: 'What people look for, and how many of them',
      args: { word: arg.optional(arg.text({ max: 60 })) },
      cooldown: { user: '30s', room: '15s' },
      run: async ({ args }) => (await top(5, args.word)) ?? 'Nobody looked for that lately.',
    });

    if (room !== undefined) {
      bot.schedule({ id: 'top', cron, misfire: 'skip' }, async () => {
        const best = await top(3);
        if (best !== undefined) await bot.say(room, `Most wanted today: ${best}`, { priority: 'bulk' });
      });
    }
  },
});
