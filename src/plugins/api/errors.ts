/**
 * Stable codes of {@link PluginError}.
 *
 * - `need-missing`: the plugin did not declare the need, or the config did not grant it
 * - `unloaded`: the plugin is being unloaded, or is gone
 * - `invalid`: an argument that the API does not take
 * - `not-plain`: a value that cannot cross to the host (a function, a symbol, …)
 * - `too-large`: a value above the size limit
 * - `too-many`: more calls waiting, or more registrations, than one plugin may have
 * - `command-clash`: a command of that name or alias exists
 * - `bad-pattern`: not a regular expression in RE2 syntax
 * - `conflict`: `store.update` lost every one of its attempts, or an id is taken
 * - `reply-over`: the time or the number of lines for an answer is used up
 * - `search-refused`: a search never ran; the message says why (repeated too soon, nothing to search for, offline, …)
 * - `quota`: the instance's share of the store is used up
 * - `no-service`: no loaded plugin provides that service, or not that function
 * - `not-found`: there is nothing of that id
 * - `timeout`: it took longer than it may
 * - `web-failed`: no whole answer came from the web; the message says why
 * - `failed`: the host could not do it; the message says why
 */
export type PluginErrorCode =
  | 'need-missing'
  | 'unloaded'
  | 'invalid'
  | 'not-plain'
  | 'too-large'
  | 'too-many'
  | 'command-clash'
  | 'bad-pattern'
  | 'conflict'
  | 'reply-over'
  | 'search-refused'
  | 'quota'
  | 'no-service'
  | 'not-found'
  | 'timeout'
  | 'web-failed'
  | 'failed';

/** What everything on `bot` throws or rejects with. Recognise it by `code`. */
export class PluginError extends Error {
  override readonly name = 'PluginError';
  readonly code: PluginErrorCode;

  constructor(code: PluginErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
