import { basename, dirname, extname, resolve } from 'node:path';
import { isReservedId } from '../../plugins/host/reserved-id.ts';
import type { RuntimeChoice } from '../../plugins/host/types.ts';
import type { PluginConfig } from './config.ts';
import type { ConfigSource } from './config-source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { type PluginSecrets, withSecrets } from './plugin-secrets.ts';
import type { RawConfig } from './schema.ts';

type RawPlugin = RawConfig['plugins'][string];

const BUILTIN = 'builtin:';
/** Ids name rows in the store and lines in the log, so they stay simple. */
const ID = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** Works out which plugins are meant, and puts secrets into their configs. */
export function pluginEntries(
  raw: RawConfig['plugins'],
  context: PluginSecrets & { readonly source: ConfigSource },
): { readonly plugins: readonly PluginConfig[]; readonly problems: readonly Diagnostic[] } {
  const { source, configPath } = context;
  const plugins: PluginConfig[] = [];
  const problems: Diagnostic[] = [];
  /** By the name of the worker. */
  const memories = new Map<string, number | undefined>();
  const refuse = (key: string, message: string) =>
    problems.push(source.diagnose(['plugins', key], message, { atKey: true }));
  const filled = <T>(value: T, key: string, part: string): T => {
    const found = withSecrets(value, ['plugins', key, part], context);
    problems.push(...found.problems);
    return found.value as T;
  };
  for (const [key, entry] of Object.entries(raw)) {
    const id = isPath(key) ? basename(key, extname(key)) : key;
    const use = sourceOf(key, entry, configPath);
    const runtime = runtimeOf(entry, use, memories);
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
    else if (typeof runtime === 'string') refuse(key, runtime);
    else
      plugins.push({
        id,
        key,
        use,
        config: filled(entry.config ?? {}, key, 'config'),
        ...(entry.rooms && { rooms: filled(entry.rooms, key, 'rooms') }),
        ...(entry['time-budget'] !== undefined && { handlerMs: entry['time-budget'] }),
        ...(entry.grant && { grant: entry.grant }),
        ...(runtime && { runtime }),
        ...(entry.quota && { quota: { maxEntries: entry.quota.entries, maxBytes: entry.quota.size } }),
        ...(entry['private-hosts'] && { privateHosts: entry['private-hosts'] }),
      });
  }
  return { plugins, problems };
}

/**
 * Where it runs; undefined when the config does not say.
 * @returns a text: what is wrong.
 */
function runtimeOf(
  { isolate, worker: share, memory: memoryMb }: RawPlugin,
  use: PluginConfig['use'],
  memories: Map<string, number | undefined>,
): RuntimeChoice | string | undefined {
  const wantsWorker = isolate === 'worker' || share !== undefined || memoryMb !== undefined;
  if (!wantsWorker) return isolate === 'inproc' ? { kind: 'inproc' } : undefined;
  if ('builtin' in use) return 'a built-in plugin runs in the process of the bot, not in a worker';
  if (isolate === 'inproc')
    return '"worker" and "memory" are about a worker, and "isolate: inproc" wants none';
  if (share !== undefined) {
    if (memories.has(share) && memories.get(share) !== memoryMb)
      return `every plugin that shares the worker "${share}" must have the same "memory"`;
    memories.set(share, memoryMb);
  }
  return {
    kind: 'worker',
    ...(share !== undefined && { share }),
    ...(memoryMb !== undefined && { memoryMb }),
  };
}

function sourceOf(key: string, entry: RawPlugin, configPath: string): PluginConfig['use'] {
  if (entry.use === undefined && !isPath(key)) return { named: key };
  const use = entry.use ?? key;
  if (use.startsWith(BUILTIN)) return { builtin: use.slice(BUILTIN.length) };
  return isPath(use) ? { path: resolve(dirname(configPath), use) } : { package: use };
}

/** `./x.ts`, `../x`, `/x`, `C:\x`: a file and not the name of a package or a built-in. */
function isPath(text: string): boolean {
  return /^(?:\.{1,2}[/\\]|\/|[a-z]:[/\\])/i.test(text);
}
