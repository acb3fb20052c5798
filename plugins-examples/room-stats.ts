/*
 * How busy a room is: !stats tells of today and of the last week, !active who talks most. Only numbers are kept, for
 * thirty days.
 *
 *   plugins:
 *     ./plugins-examples/room-stats.ts:
 *       config: { rooms: [indie], timezone: Europe/Berlin }
 */
import { arg, definePlugin, s } from 'seekeeper';

interface Day {
  lines: number;
  joins: number;
  /** Lines by hour of the day. */
  hours: number[];
}

export default definePlugin({
  name: 'room-stats',
  needs: ['room.read'],
  config: s.object({ rooms: s.array(s.string(), { min: 1 }), timezone: s.string().default('UTC') }),
  personal: [{ keys: 'talk/*/{user}', what: 'how many lines you wrote' }],
  setup(bot) {
    const { rooms, timezone } = bot.config;
    const clock = new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    function when(at: number): { day: string; hour: number } {
      const part = (type: string) => clock.formatToParts(at).find((one) => one.type === type)?.value ?? '';
      return { day: `${part('year')}-${part('month')}-${part('day')}`, hour: Number(part('hour')) };
    }

    async function note(room: string, at: number, change: (day: Day, hour: number) => void): Promise<void> {
      const { day, hour } = when(at);
      await bot.store.update<Day>(
        `day/${room}/${day}`,
        (old) => {
          const next: Day = old ?? { lines: 0, joins: 0, hours: Array.from({ length: 24 }, () => 0) };
          change(next, hour);
          return next;
        },
        { ttl: '30d' },
      );
    }

    bot.on('room.message', { rooms }, async ({ room, user, at }) => {
      await note(room.name, at, (day, hour) => {
        day.lines += 1;
        day.hours[hour] = (day.hours[hour] ?? 0) + 1;
      });
      await bot.store.update<number>(`talk/${room.name}/${user}`, (old = 0) => old + 1, { ttl: '30d' });
      bot.metric.count('lines', { room: room.name });
    });

    bot.on('room.join', { rooms }, async ({ room, at }) => {
      await note(room.name, at, (day) => {
        day.joins += 1;
      });
    });

    bot.command({
      name: 'stats',
      summary: 'How busy this room is',
      in: 'room',
      cooldown: { room: '30s' },
      async run({ room, at }) {
        if (room === undefined || !rooms.includes(room.name)) return 'I do not count here.';
        const days = await bot.store.entries<Day>(`day/${room.name}/`);
        const today = days.find(({ key }) => key.endsWith(`/${when(at).day}`))?.value;
        const week = days.slice(-7).map(({ value }) => value);
        const total = week.reduce((sum, { lines }) => sum + lines, 0);
        const byHour = Array.from({ length: 24 }, (_, hour) =>
          week.reduce((sum, { hours }) => sum + (hours[hour] ?? 0), 0),
        );
        const busiest = byHour.indexOf(Math.max(...byHour));
        return `Today: ${today?.lines ?? 0} lines, ${today?.joins ?? 0} joins. Seven days: ${total} lines, busiest at ${busiest}:00.`;
      },
    });

    bot.command({
      name: 'active',
      summary: 'Who talks most here',
      in: 'room',
      args: { count: arg.optional(arg.int({ min: 1, max: 10 })) },
      cooldown: { room: '30s' },
      async run({ room, args }) {
        if (room === undefined || !rooms.includes(room.name)) return 'I do not count here.';
        const prefix = `talk/${room.name}/`;
        const people = await bot.store.entries<number>(prefix);
        if (people.length === 0) return 'Nobody has said anything yet.';
        return [...people]
          .sort((a, b) => b.value - a.value)
          .slice(0, args.count ?? 3)
          .map(({ key, value }) => `${key.slice(prefix.length)}: ${value}`)
          .join(', ');
      },
    });
  },
});
