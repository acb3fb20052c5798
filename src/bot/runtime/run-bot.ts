import type { Platform } from '../../platform/platform.ts';
import { forgetTransformer } from '../../plugins/host/transformer.ts';
import type { BuiltinPlugins } from '../../plugins/host/types.ts';
import type { BotConfig } from '../config/config.ts';
import { controlPath } from '../control/control-path.ts';
import { ControlServer } from '../control/control-server.ts';
import { acquireStoreLock } from '../lock/store-lock.ts';
import type { Reread } from '../plugins/reloading.ts';
import { openStore } from '../store/store.ts';
import { Bot } from './bot.ts';
import { answerControl } from './control-commands.ts';
import { IdleCollector } from './idle-collector.ts';

export interface RunBotOptions {
  readonly config: BotConfig;
  readonly platform: Platform;
  /** Absolute path of the folder of config.yaml: packages are found from there. */
  readonly baseDir: string;
  readonly builtins?: BuiltinPlugins;
  /** For `reload`. @default the config stays as it is */
  readonly reread?: Reread;
  /** Sees the bot before it starts, to watch it from its first moment. */
  readonly onBot?: (bot: Bot) => void;
  /** Collects garbage; called in quiet moments. @default the runtime does when it needs room */
  readonly collectGarbage?: () => void;
}

/** Time for the answer to a `stop` request to leave, in milliseconds. */
const ANSWER_MS = 100;

/** A bot with everything that a process needs around it. */
export interface RunningBot {
  readonly bot: Bot;
  /** Stops it in an orderly way, in bounded time. Calling it again returns the same promise. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, whoever asked for it: `stop`, or a request over the control socket. */
  readonly stopped: Promise<void>;
}

/**
 * Runs a bot from its config: lock, store, plugins, network, control socket, in this order, and backwards to stop.
 * @throws AlreadyRunningError, StoreError, PluginLoadError, ListenError as rejection, each with one line for the
 * owner; nothing is left running then.
 */
export async function runBot({
  config,
  platform,
  baseDir,
  builtins,
  reread,
  onBot,
  collectGarbage,
}: RunBotOptions): Promise<RunningBot> {
  const { clock, log } = platform;
  const undo: (() => Promise<void> | void)[] = [];
  const unwind = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const lock = acquireStoreLock(config.store.path);
    undo.push(() => lock.release());
    const store = await openStore({
      path: config.store.path,
      clock,
      log,
      journalKeepMs: config.journal.keepMs,
      caseKeepMs: config.moderation.keepMs,
    });
    undo.push(() => store.close());
    const bot = new Bot({
      config,
      baseDir,
      platform,
      store,
      ...(builtins === undefined ? {} : { builtins }),
      ...(reread === undefined ? {} : { reread }),
    });
    undo.push(() => bot.stop({ drainMs: config.shutdown.drainMs }));
    onBot?.(bot);
    await bot.start();
    if (collectGarbage !== undefined) {
      const tidy = () => {
        forgetTransformer();
        collectGarbage();
      };
      undo.push(new IdleCollector(clock, tidy).connect(bot.client));
    }
    const stopping = once(unwind);
    const control = await ControlServer.listen({
      path: controlPath(config.store.path),
      clock,
      log,
      // A little later: the answer leaves over what is closed first.
      handle: answerControl(bot, () => void clock.setTimeout(() => void stopping.run(), ANSWER_MS)),
    });
    undo.push(() => control.close());
    return { bot, stop: stopping.run, stopped: stopping.done };
  } catch (error) {
    await unwind();
    throw error;
  }
}

/** Runs something once, however often it is asked for. */
function once(task: () => Promise<void>): {
  readonly run: () => Promise<void>;
  readonly done: Promise<void>;
} {
  let finish: () => void = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= task().finally(finish);
    return running;
  };
  return { run, done };
}
