import { arg, type Bot, definePlugin } from '../../api/index.ts';
import type { Desk } from './commands/call.ts';
import { Refusal } from './commands/call.ts';
import { getResult } from './commands/get.ts';
import { callerOf, runWish } from './commands/wish-command.ts';
import type { WishlistConfig } from './config.ts';
import { configSchema } from './config-schema.ts';
import { declaredWish } from './declared.ts';
import { ANSWER_PATTERN, downloadAnswer } from './slskd/answers.ts';
import { Downloads } from './slskd/downloads.ts';
import { taskLine } from './task-line.ts';
import { tellFinds } from './telling/tell-finds.ts';
import { texts } from './telling/texts.ts';

const args = { part: arg.optional(arg.word()), rest: arg.optional(arg.text()) };

/** Wishes by command, for years: what to search for again and again, and whom to tell. */
export default definePlugin({
  name: 'wishlist',
  needs: ['search.run', 'notify', 'pm.send', 'pm.read', 'room.say', 'user.read', 'web'],
  config: configSchema,
  personal: [
    { keys: 'offer/{user}', what: 'which find you were told of last' },
    { keys: 'boost/{user}', what: 'when you last boosted a wish' },
    { keys: 'import/{user}/**', what: 'wishes that you were about to import' },
    { keys: 'job/{user}/*', what: 'downloads of yours that are on their way' },
  ],
  texts,
  async setup(bot) {
    const { config } = bot;
    const wishes = config.wishes.map(declaredWish);
    for (const { id, options } of wishes) bot.wishlist({ ...options, id });
    const { slskd } = config;
    const downloads = slskd === undefined || slskd.mode === 'off' ? undefined : new Downloads(bot, slskd);
    const desk: Desk = { bot, declared: new Set(wishes.map(({ id }) => id)), downloads, inTurn: taskLine() };

    bot.wishlist.onFinds(async (finds) => {
      await tellFinds(bot, finds, async (user) => (await downloads?.offer(user, finds)) ?? false);
      await downloads?.consider(finds);
    });

    bot.command({
      name: 'wish',
      in: config.rooms.length === 0 ? 'private' : 'any',
      summary: 'What is searched for again and again, until it is found',
      description: 'wish help lists what it can do; wish help add tells more about one of it.',
      args,
      ...(config.allow.length === 0 ? {} : { allow: config.allow }),
      examples: ['wish add rare ep -live ext=flac', 'wish list', 'wish results 3'],
      run: (context) => runWish(desk, context, { part: context.args.part, rest: context.args.rest }),
    });
    bot.command({
      name: 'wish-console',
      in: 'cli',
      summary: 'The same at the console: seekeeper wish',
      args,
      run: (context) => runWish(desk, context, { part: context.args.part, rest: context.args.rest }),
    });

    if (downloads === undefined) return;
    listenForAnswers(bot, desk, downloads);
    await downloads.start();
  },
});

/** `yes` and `get 2` behind what somebody was told. */
function listenForAnswers(bot: Bot<WishlistConfig>, desk: Desk, downloads: Downloads): void {
  bot.on('private.message', { text: { pattern: ANSWER_PATTERN } }, async ({ user, text, at, reply }) => {
    const answer = downloadAnswer(text);
    const offer = answer === undefined ? undefined : await downloads.offered(user);
    // Whoever was told nothing means something else.
    if (answer === undefined || offer === undefined) return;
    const { wish = offer.wish, number = offer.number, folder } = answer;
    try {
      const caller = await callerOf(desk, { user, source: 'private' });
      // A bare yes is about what was told last, and is said once.
      if (answer.number === undefined) await downloads.answered(user);
      await reply(await getResult(desk, { caller, at }, wish, number, folder));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      await reply(error.message);
    }
  });
}
