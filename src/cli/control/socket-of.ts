import { loadConfig } from '../../bot/config/load-config.ts';
import { controlPath } from '../../bot/control/control-path.ts';
import { report } from '../check/report.ts';
import { RefusedError } from '../refused-error.ts';

/** Where the bot of this config listens. @throws RefusedError when the config cannot be used, which has been said. */
export function socketOf(configPath: string): string {
  const loaded = loadConfig({ path: configPath, env: process.env, withoutSecrets: true });
  if (loaded.ok) return controlPath(loaded.config.store.path);
  report(loaded.diagnostics);
  throw new RefusedError();
}
