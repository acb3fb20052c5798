import type { ConfigIssue } from './types.ts';
import { oneLine } from './wire-error.ts';

/**
 * Which step failed. `id`: the instance's id is taken or not allowed; `not-found`: no such file, package or built-in;
 * `load`: it has a syntax error or threw while it was loaded; `shape`: its default export is no plugin; `api`: written
 * for another version of the API; `config`: see `issues`; `setup`: `setup` threw, or something it registered was
 * refused; `migrate`: its stored data could not be brought up to its version; `self-test`: `selfTest` threw; `handover`:
 * the state of the version before could not be taken over; `timeout`: not ready in time; `unloaded`: it was unloaded meanwhile.
 */
export type LoadErrorCode =
  | 'id'
  | 'not-found'
  | 'load'
  | 'shape'
  | 'api'
  | 'config'
  | 'migrate'
  | 'setup'
  | 'self-test'
  | 'handover'
  | 'timeout'
  | 'unloaded';

/** A plugin could not be loaded. The message is one line and names the instance and its file. */
export class PluginLoadError extends Error {
  override readonly name = 'PluginLoadError';
  readonly id: string;
  readonly code: LoadErrorCode;
  /** For `config`: everything that is wrong. */
  readonly issues: readonly ConfigIssue[];
  /** Of the plugin's own error, when it threw. */
  readonly pluginStack?: string;

  /** @param from where the plugin comes from, for the message: a file, `package x`, `builtin x` */
  constructor(
    id: string,
    code: LoadErrorCode,
    from: string,
    detail: string,
    extra: { readonly issues?: readonly ConfigIssue[]; readonly stack?: string | undefined } = {},
  ) {
    super(`Plugin ${JSON.stringify(id)} (${from}): ${oneLine(detail)}`);
    this.id = id;
    this.code = code;
    this.issues = extra.issues ?? [];
    if (extra.stack !== undefined) this.pluginStack = extra.stack;
  }
}
