/*
 * Reminds people of what they asked for, in private: !remind 2h30m tea is ready. A reminder outlives restarts; one that
 * was due while the bot was away comes when it is back, and says so.
 *
 *   plugins:
 *     ./plugins-examples/remind.ts: {}
 */
import { arg, definePlugin, formatDuration, s } from 'seekeeper';

interface Reminder {
  text: string;
  /** When it was asked for. */
  at: number;
}

export default definePlugin({
  name: 'remind',
  needs: ['pm.send'],
  config: s.object({
    /** Reminders that one person may have. */
    perUser: s.int({ min: 1, max: 100 }).default(10),
    longest: s.duration().default('365d'),
  }),
  personal: [{ keys: '{user}/*', timer: 'reminder', what: 'what I am to remind you of' }],
  setup(bot) {
    const { perUser, longest } = bot.config;

    const reminders = bot.timer<Reminder>('reminder', async ({ text, at }, { key, due, reason, at: now }) => {
      const user = key.slice(0, key.lastIndexOf('/'));
      const ago = formatDuration(Math.max(1000, Math.round((now - at) / 1000) * 1000));
      const late = reason === 'catch-up' && now - due >= 60_000 ? ' (late: I was away)' : '';
      await bot.pm(user, `Reminder, as you asked ${ago} ago: ${text}${late}`);
    });

    bot.command({
      name: 'remind',
      summary: 'Remind me later, in private',
      args: { in: arg.duration({ min: '10s' }), what: arg.text({ max: 400 }) },
      cooldown: '3s',
      examples: ['remind 20m tea is ready', 'remind 1d12h "the other thing"'],
      // A reminder that was asked for while the bot was away still counts from then on.
      onReplay: 'run',
      async run({ user, args, at, id }) {
        if (args.in > longest) return `That is too far away: ${formatDuration(longest)} at most.`;
        const mine = await reminders.list(`${user}/`);
        // The message's id: when it is delivered again, it sets the same reminder.
        const key = `${user}/${id}`;
        if (mine.length >= perUser && !mine.some((one) => one.key === key))
          return `You have ${mine.length} reminders, and that is all I keep for one person.`;
        await reminders.set(key, at + args.in, { text: args.what, at });
        return `I will remind you in ${formatDuration(args.in)}.`;
      },
    });

    bot.command({
      name: 'reminders',
      summary: 'What I am to remind you of',
      in: 'private',
      cooldown: '3s',
      async run({ user, at }) {
        const mine = await reminders.list(`${user}/`);
        if (mine.length === 0) return 'You have no reminders.';
        return mine.map(({ at: due, payload }, index) => {
          const left = formatDuration(Math.max(1000, Math.round((due - at) / 1000) * 1000));
          return `${index + 1}: in ${left}: ${payload.text}`;
        });
      },
    });

    bot.command({
      name: 'unremind',
      summary: 'Forget a reminder; !reminders tells its number',
      in: 'private',
      args: { number: arg.int({ min: 1 }) },
      async run({ user, args }) {
        const one = (await reminders.list(`${user}/`))[args.number - 1];
        if (one === undefined) return 'There is no reminder of that number.';
        await reminders.cancel(one.key);
        return `Forgotten: ${one.payload.text}`;
      },
    });
  },
});
