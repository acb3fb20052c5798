import type { PluginError, PluginErrorCode } from '../../api/index.ts';

/** By its name and code, not by its class: a copy of the API that was loaded twice has two. */
export function isPluginError(error: unknown, ...codes: readonly PluginErrorCode[]): error is PluginError {
  if (!(error instanceof Error) || error.name !== 'PluginError' || !('code' in error)) return false;
  return codes.length === 0 || codes.some((code) => code === error.code);
}
