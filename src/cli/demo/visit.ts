import { deferred } from '../../platform/deferred.ts';
import type { Platform } from '../../platform/platform.ts';
import { endlessChatter } from '../sandbox/endless-chatter.ts';
import { stopSignal } from '../signals.ts';
import type { ChatLines } from '../terminal/chat-lines.ts';
import { printable } from '../terminal/printable.ts';
import { PromptScreen } from '../terminal/prompt-screen.ts';
import { type Intent, intentOf } from './intent.ts';
import { show } from './show.ts';
import { demo, type Stage } from './stage.ts';

const help = [
  `You are "${demo.guest}", the bot's owner, in #${demo.room}. Type and press Enter to talk; try !help, !seen alice, !about.`,
  `/pm NAME TEXT writes in private (try: /pm ${demo.bot} !add bob ${demo.club}), /who lists who is here, /help this, /quit or Ctrl-C ends.`,
];

/** Somebody at the keyboard is in the room, until they have had enough. */
export async function visit(stage: Stage, platform: Platform, lines: ChatLines): Promise<void> {
  const { sandbox, bot } = stage;
  const ended = deferred();
  const you = sandbox.person(demo.guest);
  await you.login();
  const screen = new PromptScreen({
    input: process.stdin,
    output: process.stdout,
    prompt: '> ',
    onLine: (line) => obey(intentOf(line)),
    onEnd: () => ended.resolve(),
  });
  const stopShowing = show(sandbox, lines, (line) => screen.print(line));
  for (const line of help) screen.print(line);
  await you.join(demo.room);

  const stopTalking = endlessChatter({
    sandbox,
    random: platform.random,
    people: [demo.mod, 'bob', 'carol'],
    room: demo.room,
    onBroken: (why) => screen.print(lines.note(platform.clock.now(), `the chatter ended: ${why}`)),
  });

  function obey(intent: Intent): void {
    switch (intent.kind) {
      case 'nothing':
        return;
      case 'say':
        you.say(demo.room, intent.text);
        return;
      case 'pm':
        you.pm(intent.to, intent.text);
        return;
      case 'who': {
        const users = bot.client.rooms.get(demo.room)?.users.map(({ user }) => printable(user)) ?? [];
        screen.print(`Here: ${users.sort().join(', ')}`);
        return;
      }
      case 'help':
        for (const line of help) screen.print(line);
        return;
      case 'quit':
        screen.close();
        return;
      case 'unclear':
        screen.print(intent.why);
        return;
    }
  }

  await Promise.race([ended.promise, stopSignal(process)]);
  stopTalking();
  stopShowing();
  screen.close();
  process.stdout.write('\nThe demo has ended. `seekeeper init` sets up a bot of your own.\n');
}
