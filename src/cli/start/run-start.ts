import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { issueDiagnostic } from '../../bot/check/check-plugins.ts';
import type { BotConfig } from '../../bot/config/config.ts';
import type { ConfigSource } from '../../bot/config/config-source.ts';
import { loadConfig } from '../../bot/config/load-config.ts';
import { AlreadyRunningError } from '../../bot/lock/store-lock.ts';
import { type OpenLog, openLog } from '../../bot/log/open-log.ts';
import { channelSecrets } from '../../bot/notify/channel-secrets.ts';
import { type RunningBot, runBot } from '../../bot/runtime/run-bot.ts';
import { StoreError } from '../../bot/store/store-error.ts';
import { ListenError } from '../../network/peers/listener.ts';
import { collectGarbage } from '../../platform/real/collect-garbage.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { realPlatform } from '../../platform/real/real-platform.ts';
import { PluginLoadError } from '../../plugins/host/load-error.ts';
import { report } from '../check/report.ts';
import { ExitCode } from '../exit-code.ts';
import { stopSignal } from '../signals.ts';
import { narrate } from './narrate.ts';
import { watchPlugins } from './watch-plugins.ts';

export interface StartSettings {
  readonly path: string;
  /** Show the demo when there is no config, because nobody asked for one by name. */
  readonly demoWithoutConfig: boolean;
  /** Reload what is saved. */
  readonly dev: boolean;
}

/** Runs the bot until it is told to stop. @returns the exit code. */
export async function runStart({ path, demoWithoutConfig, dev }: StartSettings): Promise<number> {
  if (demoWithoutConfig && !existsSync(path)) {
    process.stdout.write(`There is no ${path} here, so this is the demo. \`seekeeper init\` writes one.\n\n`);
    const { runDemo } = await import('../demo/run-demo.ts');
    return (await runDemo()) ? ExitCode.ok : ExitCode.failed;
  }
  const loaded = loadConfig({ path, env: process.env });
  if (!loaded.ok) {
    report(loaded.diagnostics);
    return ExitCode.refused;
  }
  const { config, source, warnings } = loaded;
  report(warnings);
  let log: OpenLog;
  try {
    log = await openBotLog(config);
  } catch (error) {
    process.stderr.write(`seekeeper: the log cannot be opened: ${sentence(error)}\n`);
    return ExitCode.refused;
  }
  const onHangUp = () => log.reopen();
  process.on('SIGHUP', onHangUp);
  try {
    return await runUntilStopped({ config, source, path, log, dev });
  } finally {
    process.off('SIGHUP', onHangUp);
    log.close();
  }
}

function openBotLog({ log, bot, notify }: BotConfig): Promise<OpenLog> {
  const to = log.file === undefined ? { fd: 1 as const } : { file: log.file };
  return openLog({
    level: log.level,
    format: log.format,
    to,
    clock: new RealClock(),
    secrets: [bot.password, ...channelSecrets(notify.channels)].map((secret) => secret.reveal()),
  });
}

interface Run {
  readonly config: BotConfig;
  readonly source: ConfigSource;
  readonly path: string;
  readonly log: OpenLog;
  readonly dev: boolean;
}

async function runUntilStopped({ config, source, path, log: { log }, dev }: Run): Promise<number> {
  const asked = stopSignal(process);
  let running: RunningBot;
  try {
    const platform = realPlatform(log);
    running = await runBot({
      config,
      platform,
      baseDir: dirname(resolve(path)),
      reread: () => loadConfig({ path, env: process.env }),
      onBot: (bot) => narrate(bot.client, log),
      collectGarbage,
    });
  } catch (error) {
    return explain(error, source, config);
  }
  const { bot } = running;
  const watch = dev ? watchPlugins(bot, path) : undefined;
  let code: number = ExitCode.ok;
  const onUnhandled = (thrown: unknown) => {
    if (bot.noteUnhandled(thrown)) return;
    log.error('Something failed that nobody was prepared for; stopping', { error: thrown });
    code = ExitCode.failed;
    void running.stop();
  };
  process.on('unhandledRejection', onUnhandled);
  process.on('uncaughtException', onUnhandled);
  bot.client.on('state', ({ state }) => {
    if (state.name !== 'refused') return;
    code = ExitCode.failed;
    process.stderr.write(
      `seekeeper: the server refused the login of ${config.bot.user}: ${refusal(state.reason, state.detail)}\n`,
    );
    void running.stop();
  });
  const signal = await Promise.race([asked, running.stopped]);
  if (signal !== undefined) log.info('Stopping', { signal });
  watch?.stop();
  await running.stop();
  process.off('unhandledRejection', onUnhandled);
  process.off('uncaughtException', onUnhandled);
  log.info('Stopped');
  return code;
}

/** One line for what kept the bot from starting. */
function explain(error: unknown, source: ConfigSource, config: BotConfig): number {
  if (error instanceof PluginLoadError) {
    const key = config.plugins.find(({ id }) => id === error.id)?.key ?? error.id;
    if (error.issues.length > 0) report(error.issues.map((issue) => issueDiagnostic(source, key, issue)));
    else process.stderr.write(`seekeeper: ${error.message}\n`);
    return ExitCode.refused;
  }
  if (error instanceof AlreadyRunningError || error instanceof StoreError || error instanceof ListenError) {
    process.stderr.write(`seekeeper: ${error.message}\n`);
    return ExitCode.refused;
  }
  throw error;
}

function refusal(reason: string, detail: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    INVALIDPASS: 'the password is wrong (INVALIDPASS)',
    INVALIDUSERNAME: 'the user name is not allowed (INVALIDUSERNAME)',
    EMPTYPASSWORD: 'the password is empty (EMPTYPASSWORD)',
    INVALIDVERSION: 'this version of the client is no longer accepted (INVALIDVERSION)',
    SVRFULL: 'the server is full (SVRFULL)',
    SVRPRIVATE: 'the server takes no new accounts (SVRPRIVATE)',
  };
  const text = words[reason] ?? reason;
  return detail === undefined || detail === '' ? text : `${text}: ${detail}`;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
