/*
 * Searches by the calendar and tells a room what was not there before, grouped by folder.
 *
 *   plugins:
 *     ./plugins-examples/scheduled-search.ts:
 *       config: { room: indie, queries: ['quiet harbour -live', 'lantern flac'], cron: '30 19 * * *' }
 */
import { definePlugin, type SearchHit, s } from 'seekeeper';

interface Folder {
  user: string;
  name: string;
  files: number;
}

export default definePlugin({
  name: 'scheduled-search',
  needs: ['search.run', 'room.say'],
  config: s.object({
    room: s.string(),
    queries: s.array(s.string({ min: 3 }), { min: 1, max: 20 }),
    cron: s.string().default('30 19 * * *').describe('Minute, hour, day, month, weekday.'),
    timezone: s.string().optional().describe("Such as Europe/Berlin; the bot's by default."),
    /** Folders that one announcement names. */
    best: s.int({ min: 1, max: 5 }).default(3),
    remember: s.duration().default('90d'),
  }),
  setup(bot) {
    const { room, queries, cron, timezone, best, remember } = bot.config;
    const folderOf = (hit: SearchHit) => hit.path.slice(0, hit.path.length - hit.name.length - 1);
    // User names may hold anything but a line break.
    const seenKey = (user: string, folder: string) => `seen/${user}\n${folder}`.slice(0, 512);

    async function newFolders(query: string): Promise<Folder[]> {
      const found = new Map<string, Folder>();
      const search = bot.search({
        query,
        limit: 500,
        perUser: 50,
        timeout: '30s',
        filter: { locked: 'exclude', verified: true },
        priority: 'bulk',
      });
      for await (const hit of search) {
        const path = folderOf(hit);
        const key = seenKey(hit.user, path);
        const known = found.get(key);
        if (known !== undefined) known.files += 1;
        else if ((await bot.store.get(key)) === undefined)
          found.set(key, { user: hit.user, name: path.slice(path.lastIndexOf('\\') + 1), files: 1 });
      }
      for (const key of found.keys()) await bot.store.set(key, true, { ttl: remember });
      return [...found.values()];
    }

    bot.schedule(
      { id: 'searches', cron, ...(timezone === undefined ? {} : { timezone }), retry: { attempts: 3 } },
      async (run) => {
        for (const query of queries) {
          const folders = await newFolders(query);
          bot.metric.count('new_folders', { query }, folders.length);
          if (folders.length === 0) continue;
          const named = folders
            .sort((a, b) => b.files - a.files)
            .slice(0, best)
            .map(
              ({ user, name, files }) => `${name} (${files} ${files === 1 ? 'file' : 'files'}) from ${user}`,
            );
          const more = folders.length > named.length ? ` (+${folders.length - named.length})` : '';
          const late = run.reason === 'catch-up' ? ' (late: I was away)' : '';
          await bot.say(room, `New for "${query}": ${named.join(' | ')}${more}${late}`, { priority: 'bulk' });
        }
      },
    );
  },
});
