import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import * as api from '../api/index.ts';
import { nearestKey } from '../api/schema/nearest-key.ts';
import { PluginLoadError } from './load-error.ts';
import { transform } from './transformer.ts';
import type { BuiltinPlugins, LoadRequest } from './types.ts';

/** A plugin that was found and not yet loaded. */
export interface FoundPlugin {
  /** For messages: a file, `package x`, `builtin x`, `given`. */
  readonly from: string;
  readonly file?: string;
  /** Imports it; every call anew. @returns its default export, whatever that is. */
  load(): Promise<unknown>;
}

/**
 * Finds a plugin.
 * @param baseDir absolute folder of config.yaml
 * @throws PluginLoadError `not-found`.
 */
export function findPlugin(request: LoadRequest, baseDir: string, builtins: BuiltinPlugins): FoundPlugin {
  const { id, use } = request;
  if ('plugin' in use) return { from: 'given', load: async () => defaultOf(use.plugin) };
  if ('builtin' in use) {
    const from = `builtin ${use.builtin}`;
    const plugin = Object.hasOwn(builtins, use.builtin) ? builtins[use.builtin] : undefined;
    if (plugin === undefined) {
      const nearest = nearestKey(use.builtin, Object.keys(builtins));
      const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      throw new PluginLoadError(id, 'not-found', from, `there is no built-in plugin of that name${hint}`);
    }
    return { from, load: async () => plugin };
  }
  if ('path' in use) {
    const file = resolve(baseDir, use.path);
    if (!existsSync(file)) throw new PluginLoadError(id, 'not-found', file, 'the file does not exist');
    if (!statSync(file).isFile()) throw new PluginLoadError(id, 'not-found', file, 'this is not a file');
    return { from: file, file, load: () => importFile(file, baseDir) };
  }
  const file = findPackage(use.package, baseDir);
  if (file === undefined) {
    throw new PluginLoadError(
      id,
      'not-found',
      `package ${use.package}`,
      `the package is not installed in ${baseDir}: npm install ${use.package}`,
    );
  }
  return { from: `package ${use.package}`, file, load: () => importFile(file, baseDir) };
}

function findPackage(name: string, baseDir: string): string | undefined {
  const url = loaderFor(baseDir).esmResolve(name, { try: true });
  if (url === undefined) return undefined;
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

/**
 * jiti, because it runs TypeScript unbuilt, sees changed files on every load, leaks nothing, and can hand the plugin
 * this process's own `seekeeper`. Without its cache on disk: a shared temporary folder is no place for code.
 */
function loaderFor(baseDir: string) {
  return createJiti(pathToFileURL(join(baseDir, 'config.yaml')).href, {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    transform,
    virtualModules: { seekeeper: api },
  });
}

async function importFile(file: string, baseDir: string): Promise<unknown> {
  return defaultOf(await loaderFor(baseDir).import(pathToFileURL(file).href));
}

/** The default export of a module; a CommonJS module is its own. */
function defaultOf(module: unknown): unknown {
  if (typeof module !== 'object' || module === null) return module;
  if ('default' in module) return module.default;
  return 'setup' in module ? module : undefined;
}
