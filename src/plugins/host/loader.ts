import { existsSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti, type TransformOptions, type TransformResult } from 'jiti';
import * as api from '../api/index.ts';
import { nearestKey } from '../api/schema/nearest-key.ts';
import { PluginLoadError } from './load-error.ts';
import type { LoadedModule } from './loaded-module.ts';
import { transform } from './transformer.ts';
import type { BuiltinPlugins, LoadRequest } from './types.ts';

const NODE_MODULES = `${sep}node_modules${sep}`;

/** A plugin's file, as plain data: a worker loads it too. */
export interface PluginFile {
  /** Absolute. */
  readonly file: string;
  /** Absolute folder of config.yaml. */
  readonly baseDir: string;
}

/** A plugin that was found and not yet loaded. */
export interface FoundPlugin {
  /** For messages: a file, `package x`, `builtin x`, `given`. */
  readonly from: string;
  readonly file?: string;
  /** What a worker needs to load it; absent when it came from no file. */
  readonly module?: PluginFile;
  /** Imports it; every call anew. */
  load(): Promise<LoadedModule>;
}

/**
 * Finds a plugin.
 * @param baseDir absolute folder of config.yaml
 * @throws PluginLoadError `not-found`.
 */
export function findPlugin(request: LoadRequest, baseDir: string, builtins: BuiltinPlugins): FoundPlugin {
  const { id, use } = request;
  if ('plugin' in use) return { from: 'given', load: async () => moduleOf(use.plugin, []) };
  if ('builtin' in use) {
    const found = findBuiltin(use.builtin, builtins);
    if (found !== undefined) return found;
    const hint = didYouMean(use.builtin, builtins);
    const from = `builtin ${use.builtin}`;
    throw new PluginLoadError(id, 'not-found', from, `there is no built-in plugin of that name${hint}`);
  }
  if ('named' in use) {
    const builtin = findBuiltin(use.named, builtins);
    if (builtin !== undefined) return builtin;
    const name = `seekeeper-plugin-${use.named}`;
    const file = findPackage(name, baseDir);
    if (file !== undefined) return fileFound(`package ${name}`, { file, baseDir });
    const why = `there is no built-in plugin "${use.named}"${didYouMean(use.named, builtins)}, and this package is not installed`;
    throw new PluginLoadError(id, 'not-found', `package ${name}`, why);
  }
  if ('path' in use) {
    const file = resolve(baseDir, use.path);
    if (!existsSync(file)) throw new PluginLoadError(id, 'not-found', file, 'the file does not exist');
    if (!statSync(file).isFile()) throw new PluginLoadError(id, 'not-found', file, 'this is not a file');
    return fileFound(file, { file, baseDir });
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
  return fileFound(`package ${use.package}`, { file, baseDir });
}

function findBuiltin(name: string, builtins: BuiltinPlugins): FoundPlugin | undefined {
  const plugin = Object.hasOwn(builtins, name) ? builtins[name] : undefined;
  if (plugin === undefined) return undefined;
  const load = async () => moduleOf(typeof plugin === 'function' ? await plugin() : plugin, []);
  return { from: `builtin ${name}`, load };
}

function didYouMean(name: string, builtins: BuiltinPlugins): string {
  const nearest = nearestKey(name, Object.keys(builtins));
  return nearest === undefined ? '' : `; did you mean ${nearest}?`;
}

function fileFound(from: string, module: PluginFile): FoundPlugin {
  return { from, file: module.file, module, load: () => importPlugin(module) };
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
function loaderFor(baseDir: string, compile: Compile = transform) {
  return createJiti(pathToFileURL(join(baseDir, 'config.yaml')).href, {
    moduleCache: false,
    fsCache: false,
    interopDefault: false,
    transform: compile,
    virtualModules: { seekeeper: api },
  });
}

/** Compiles TypeScript and ES modules. */
export type Compile = (options: TransformOptions) => TransformResult;

/** Imports a plugin's file and what it imports, every time anew. @param compile where that is not done here */
export async function importPlugin(
  { file, baseDir }: PluginFile,
  compile: Compile = transform,
): Promise<LoadedModule> {
  const files = new Set([file]);
  const noting: Compile = (options) => {
    const path = options.filename;
    if (path !== undefined && !path.includes(NODE_MODULES)) files.add(path);
    return compile(options);
  };
  const module: unknown = await loaderFor(baseDir, noting).import(pathToFileURL(file).href);
  return moduleOf(module, [...files]);
}

function moduleOf(module: unknown, files: readonly string[]): LoadedModule {
  return {
    plugin: defaultOf(module),
    ...exported(module, 'handover'),
    ...exported(module, 'selfTest'),
    files,
  };
}

function exported(
  module: unknown,
  name: 'handover' | 'selfTest',
): { handover?: unknown; selfTest?: unknown } {
  if (typeof module !== 'object' || module === null || !(name in module)) return {};
  return { [name]: Reflect.get(module, name) as unknown };
}

/** The default export of a module; a CommonJS module is its own. */
function defaultOf(module: unknown): unknown {
  if (typeof module !== 'object' || module === null) return module;
  if ('default' in module) return module.default;
  return 'setup' in module ? module : undefined;
}
