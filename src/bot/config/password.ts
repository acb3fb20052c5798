import type { ConfigSource } from './config-source.ts';
import type { Diagnostic } from './diagnostic.ts';
import { resolveSecret, type SecretContext } from './resolve-secret.ts';
import type { RawConfig } from './schema.ts';
import type { Secret } from './secret.ts';

/** What the password needs besides the config. */
export type PasswordContext = SecretContext & { readonly source: ConfigSource };

/** Finds the password. Without an error among the problems there is one. */
export function resolvePassword(
  given: RawConfig['bot']['password'],
  context: PasswordContext,
): { readonly password: Secret | undefined; readonly problems: readonly Diagnostic[] } {
  const { secret, problems } = resolveSecret(given, ['bot', 'password'], context);
  return { password: secret, problems };
}
