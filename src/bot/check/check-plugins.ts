import type { Clock } from '../../platform/clock.ts';
import { PluginLoadError } from '../../plugins/host/load-error.ts';
import { PluginHost } from '../../plugins/host/plugin-host.ts';
import type { BuiltinPlugins, ConfigIssue, PluginInspection } from '../../plugins/host/types.ts';
import type { BotConfig } from '../config/config.ts';
import type { ConfigSource } from '../config/config-source.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import { BUILTINS } from '../plugins/builtins.ts';
import { NoServices } from './no-services.ts';

export interface CheckPluginsOptions {
  readonly config: BotConfig;
  readonly source: ConfigSource;
  readonly baseDir: string;
  readonly clock: Clock;
  /** @default those that come with the bot */
  readonly builtins?: BuiltinPlugins;
}

/** What was found out about the plugins without running any `setup`. */
export interface CheckedPlugins {
  /** Those whose file could be loaded, with or without a good config. */
  readonly plugins: readonly PluginInspection[];
  /** Everything wrong, at its place in the config. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Loads every plugin of the config and checks its part of it. */
export async function checkPlugins({
  config,
  source,
  baseDir,
  clock,
  builtins = BUILTINS,
}: CheckPluginsOptions): Promise<CheckedPlugins> {
  const services = new NoServices(config.bot.user);
  const host = new PluginHost({ clock, services, baseDir, builtins });
  const plugins: PluginInspection[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const { key, ...request } of config.plugins) {
    try {
      const found = await host.inspect(request);
      plugins.push(found);
      diagnostics.push(
        ...found.issues.map((issue) => issueDiagnostic(source, key, issue)),
        ...grantWarnings(source, key, found),
      );
    } catch (error) {
      if (!(error instanceof PluginLoadError)) throw error;
      if (error.issues.length > 0)
        diagnostics.push(...error.issues.map((issue) => issueDiagnostic(source, key, issue)));
      else diagnostics.push(source.diagnose(['plugins', key], error.message, { atKey: true }));
    }
  }
  return { plugins, diagnostics };
}

/** Where in the config file a plugin's own complaint belongs. Its message is whole, the nearest key included. */
export function issueDiagnostic(
  source: ConfigSource,
  key: string,
  { room, path, message, unknownKey }: ConfigIssue,
): Diagnostic {
  const part = room === undefined ? ['config'] : ['rooms', room];
  return source.diagnose(['plugins', key, ...part, ...path], message, { atKey: unknownKey === true });
}

/** A need that is not granted is no error: the plugin may do without. But somebody should know. */
function grantWarnings(
  source: ConfigSource,
  key: string,
  { needs, granted }: PluginInspection,
): Diagnostic[] {
  const missing = needs.filter((need) => !granted.includes(need));
  if (missing.length === 0) return [];
  const message = `it needs ${missing.join(', ')} too and will be refused when it tries`;
  return [source.diagnose(['plugins', key, 'grant'], message, { severity: 'warning' })];
}
