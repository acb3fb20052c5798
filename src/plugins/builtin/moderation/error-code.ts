/** The code of what the bot rejected with; undefined for a mistake of ours. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'PluginError' || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Its message. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
