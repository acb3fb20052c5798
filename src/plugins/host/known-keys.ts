import { PluginError } from '../api/errors.ts';
import { nearestKey } from '../api/schema/nearest-key.ts';

/**
 * Refuses what an option object should not have, with the nearest of what it may.
 * @param shown names as plugins write them, where they cross under another
 * @throws PluginError `invalid`
 */
export function checkKnownKeys(
  given: object,
  known: readonly string[],
  what: string,
  shown: Readonly<Record<string, string>> = {},
): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    const nearest = nearestKey(
      key,
      known.map((name) => shown[name] ?? name),
    );
    const hint = nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
    throw new PluginError('invalid', `${what} takes no ${JSON.stringify(key)}${hint}`);
  }
}
