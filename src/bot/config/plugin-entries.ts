import { basename, dirname, extname, resolve } from 'node:path';
import { isReservedId } from '../../plugins/host/reserved-id.ts';
import type { PluginConfig } from './config.ts';
import type { ConfigSource } from './config-source.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { RawConfig } from './schema.ts';

type RawPlugin = RawConfig['plugins'][string];

const BUILTIN = 'builtin:';
/** Ids name rows in the store and lines in the log, so they stay simple. */
const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** Works out which plugins are meant. */
export function pluginEntries(
  raw: RawConfig['plugins'],
  source: ConfigSource,
  configPath: string,
): { readonly plugins: readonly PluginConfig[]; readonly problems: readonly Diagnostic[] } {
  const plugins: PluginConfig[] = [];
  const problems: Diagnostic[] = [];
  const refuse = (key: string, message: string) =>
    problems.push(source.diagnose(['plugins', key], message, { atKey: true }));
  for (const [key, entry] of Object.entries(raw)) {
    const id = isPath(key) ? basename(key, extname(key)) : key;
    const twin = plugins.find((plugin) => plugin.id.toLowerCase() === id.toLowerCase());
    if (isPath(key) && entry.use !== undefined)
      refuse(key, 'a key that is a path cannot have "use" too: give the plugin an id as its key');
    else if (!ID.test(id))
      refuse(
        key,
        `expected an id of letters, digits, ".", "_" and "-", up to 64, got ${JSON.stringify(id.slice(0, 80))}`,
      );
    else if (isReservedId(id))
      refuse(
        key,
        `the id "${id}" is the name of the bot itself: give the plugin another key, and "use" for its file`,
      );
    else if (twin !== undefined)
      refuse(
        key,
        `the id "${id}" is taken by "${twin.key}": give one of them another key, and "use" for the file`,
      );
    else
      plugins.push({
        id,
        key,
        use: sourceOf(key, entry, configPath),
        config: entry.config ?? {},
        ...(entry.grant && { grant: entry.grant }),
      });
  }
  return { plugins, problems };
}

function sourceOf(key: string, entry: RawPlugin, configPath: string): PluginConfig['use'] {
  const use = entry.use ?? (isPath(key) ? key : BUILTIN + key);
  if (use.startsWith(BUILTIN)) return { builtin: use.slice(BUILTIN.length) };
  return isPath(use) ? { path: resolve(dirname(configPath), use) } : { package: use };
}

/** `./x.ts`, `../x`, `/x`, `C:\x`: a file and not the name of a package or a built-in. */
function isPath(text: string): boolean {
  return /^(?:\.{1,2}[/\\]|\/|[a-z]:[/\\])/i.test(text);
}
