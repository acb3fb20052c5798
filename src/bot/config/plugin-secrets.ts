import type { ConfigPath, Diagnostic } from './diagnostic.ts';
import { resolveSecret, type SecretContext } from './resolve-secret.ts';

/** What stands for a secret where nobody is going to use it. */
const UNREAD = '[secret]';

/** Secrets in what belongs to plugins. */
export interface PluginSecrets extends SecretContext {
  /** Leave them alone; see `LoadConfigOptions`. */
  readonly withoutSecrets: boolean;
}

/**
 * Puts secrets into a plugin's part of the config: a map whose only key is `env` or `file`, with a text behind it, becomes
 * the text that it refers to, wherever it stands. The plugin gets a text and does not know where it came from.
 */
export function withSecrets(
  value: unknown,
  path: ConfigPath,
  context: PluginSecrets,
): { readonly value: unknown; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const visit = (part: unknown, at: ConfigPath): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map((item: unknown, index) => visit(item, [...at, index]));
    if (isReference(part)) {
      if (context.withoutSecrets) return UNREAD;
      const { secret, problems: found } = resolveSecret(part, at, context);
      problems.push(...found);
      return secret?.reveal() ?? UNREAD;
    }
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, visit(item, [...at, key])]));
  };
  return { value: visit(value, path), problems };
}

function isReference(value: object): value is { readonly env: string } | { readonly file: string } {
  const entries = Object.entries(value);
  const [key, target] = entries[0] ?? [];
  return entries.length === 1 && (key === 'env' || key === 'file') && typeof target === 'string';
}
