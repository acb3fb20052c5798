import { dirname, resolve } from 'node:path';
import { checkPlugins } from '../../bot/check/check-plugins.ts';
import { networkRulesWarning } from '../../bot/check/network-rules.ts';
import type { BotConfig } from '../../bot/config/config.ts';
import { loadConfig } from '../../bot/config/load-config.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import type { PluginInspection } from '../../plugins/host/types.ts';
import { report } from './report.ts';

/** Checks a config and says what is wrong. False: the bot would not start with it. */
export async function runCheck(path: string): Promise<boolean> {
  const loaded = loadConfig({ path, env: process.env });
  if (!loaded.ok) return report(loaded.diagnostics);
  const { config, source, warnings } = loaded;
  const { plugins, diagnostics } = await checkPlugins({
    config,
    source,
    baseDir: dirname(resolve(path)),
    clock: new RealClock(),
  });
  const good = report([...warnings, ...diagnostics]);
  if (good) for (const line of summary(path, config, plugins)) process.stdout.write(`${line}\n`);
  return good;
}

function summary(path: string, config: BotConfig, plugins: readonly PluginInspection[]): string[] {
  const { bot, server, rooms } = config;
  const names = rooms.map((room) => (room.private ? `${room.name} (private)` : room.name));
  const warning = networkRulesWarning(config);
  return [
    `${path}: ok`,
    `  account  ${bot.user} at ${server.host}:${server.port}`,
    `  rooms    ${names.length === 0 ? 'none' : names.join(', ')}`,
    ...plugins.map(
      ({ id, name, granted }) =>
        `  plugin   ${id}${id === name ? '' : ` (${name})`}, may: ${granted.length === 0 ? 'nothing but answer commands' : granted.join(', ')}`,
    ),
    ...(plugins.length === 0
      ? []
      : ['  note     the plugins were loaded, but not set up: that is for start']),
    ...(warning === undefined ? [] : [`  note     ${warning}`]),
  ];
}
