import { createInterface } from 'node:readline';
import { ControlError } from '../../bot/control/control-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { deferred } from '../../platform/deferred.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { type BotLine, lineToBot } from '../control/bot-line.ts';
import { ChatLines } from '../terminal/chat-lines.ts';
import { type Paint, paintFor } from '../terminal/paint.ts';
import { printable } from '../terminal/printable.ts';
import { PromptScreen } from '../terminal/prompt-screen.ts';
import { BotConsole } from './console.ts';
import { LiveView } from './live-view.ts';

export interface ConsoleSettings {
  /** Show the text of private messages. */
  readonly privateText: boolean;
}

/** Where a console is. */
export interface ConsolePlace {
  readonly bot: BotLine;
  readonly clock: Clock;
  readonly paint: Paint;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Somebody sits there. */
  readonly interactive: boolean;
}

/** Attaches to the bot that runs with this config. False: it could not, or something asked for in a script failed. */
export async function runConsole(configPath: string, settings: ConsoleSettings): Promise<boolean> {
  const clock = new RealClock();
  const bot = lineToBot(configPath, clock);
  const { stdin, stdout } = process;
  const interactive = stdin.isTTY && stdout.isTTY;
  const paint = paintFor(stdout, process.env);
  try {
    return await attach({ bot, clock, paint, input: stdin, output: stdout, interactive }, settings);
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    process.stderr.write(`seekeeper: ${error.message}\n`);
    return false;
  }
}

/** @throws ControlError (as rejection) when the bot cannot be asked to begin with. */
export async function attach(place: ConsolePlace, settings: ConsoleSettings): Promise<boolean> {
  const { user, phase } = await place.bot.ask('status', undefined);
  const view = new LiveView(new ChatLines(place.paint), user);
  if (!place.interactive) return runScript(place, view);
  return sit(
    place,
    view,
    settings,
    `Attached to ${printable(user)} (${phase}). help lists what there is, quit leaves.`,
  );
}

function consoleAt(
  { bot, clock, paint }: ConsolePlace,
  view: LiveView,
  print: (line: string) => void,
): BotConsole {
  return new BotConsole({ ask: (...asked) => bot.ask(...asked), view, print, paint, now: () => clock.now() });
}

/** One line after the other, to the end of the input. */
async function runScript(place: ConsolePlace, view: LiveView): Promise<boolean> {
  const console = consoleAt(place, view, (line) => place.output.write(`${line}\n`));
  let worked = true;
  const lines = createInterface({ input: place.input });
  for await (const line of lines) {
    const done = await console.obey(line);
    if (done === 'quit') break;
    worked &&= done === 'go on';
  }
  lines.close();
  return worked;
}

async function sit(
  place: ConsolePlace,
  view: LiveView,
  { privateText }: ConsoleSettings,
  welcome: string,
): Promise<boolean> {
  const ended = deferred<boolean>();
  const away = new AbortController();
  let turn = Promise.resolve();
  const screen = new PromptScreen({
    input: place.input,
    output: place.output,
    prompt: '> ',
    onLine: (line) => {
      turn = turn.then(async () => {
        if ((await console.obey(line)) === 'quit') ended.resolve(true);
      });
    },
    onEnd: () => ended.resolve(true),
  });
  const print = (line: string) => screen.print(line);
  const console = consoleAt(place, view, print);
  print(welcome);
  const watching = place.bot.watch(
    { privateTexts: privateText ? 'all' : 'none' },
    (frame) => {
      const line = view.lineOf(frame);
      if (line !== undefined) print(line);
    },
    away.signal,
  );
  watching.catch((error: unknown) => {
    if (!away.signal.aborted) print(error instanceof Error ? error.message : String(error));
    ended.resolve(away.signal.aborted);
  });
  const worked = await ended.promise;
  away.abort();
  screen.close();
  return worked;
}
