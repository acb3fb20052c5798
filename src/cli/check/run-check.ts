import { dirname, resolve } from 'node:path';
import { checkChannels } from '../../bot/check/check-channels.ts';
import { checkModeration } from '../../bot/check/check-moderation.ts';
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
  const around = { config, source, baseDir: dirname(resolve(path)), clock: new RealClock() };
  const { plugins, diagnostics } = await checkPlugins(around);
  const channels = checkChannels(config.notify.channels, source);
  // Rules show only when a plugin is set up, which needs a good config.
  const sound = diagnostics.every(({ severity }) => severity === 'warning');
  const rules = sound ? await checkModeration(around) : { lines: [], diagnostics: [] };
  const good = report([...warnings, ...channels, ...diagnostics, ...rules.diagnostics]);
  if (good)
    for (const line of [...summary(path, config, plugins), ...rulesSummary(rules.lines)])
      process.stdout.write(`${line}\n`);
  return good;
}

function summary(path: string, config: BotConfig, plugins: readonly PluginInspection[]): string[] {
  const { bot, server, rooms, notify } = config;
  const names = rooms.map((room) => (room.private ? `${room.name} (private)` : room.name));
  const warning = networkRulesWarning(config);
  return [
    `${path}: ok`,
    `  account  ${bot.user} at ${server.host}:${server.port}`,
    `  rooms    ${names.length === 0 ? 'none' : names.join(', ')}`,
    ...(notify.channels.length === 0
      ? []
      : [`  channels ${notify.channels.map(({ name, kind }) => `${name} (${kind})`).join(', ')}`]),
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

/** What rules could do in each room. */
function rulesSummary(lines: readonly string[]): string[] {
  return lines.length === 0
    ? []
    : ['  what rules could do in each room:', ...lines.map((line) => `    ${line}`)];
}
