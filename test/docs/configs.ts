import { checkPlugins } from '../../src/bot/check/check-plugins.ts';
import { type Diagnostic, formatDiagnostic } from '../../src/bot/config/diagnostic.ts';
import { loadConfig } from '../../src/bot/config/load-config.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { root } from './markdown.ts';

/** Files that a config may name and that are not there. */
const files = { read: () => 'a password\n', mode: () => 0o600 };

/** What a part of a config lacks to be one. It stands behind, so that lines count as they are shown. */
const BOT = 'bot:\n  user: roomkeeper\n  password: { env: SOULSEEK_PASSWORD }\n';

/** A whole config from a part of one. */
export const whole = (part: string): string => (/^bot:/mu.test(part) ? part : `${part}${BOT}`);

/** Loads a config as `seekeeper start` does. @returns it, or throws all that is wrong with it. */
export function load(text: string) {
  const loaded = read(text);
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
  return loaded.config;
}

/** What `seekeeper check` prints about a config that lies in the project's folder. */
export async function complaints(text: string): Promise<readonly string[]> {
  const loaded = read(text);
  if (!loaded.ok) return shown(loaded.diagnostics);
  const { config, source, warnings } = loaded;
  const { diagnostics } = await checkPlugins({ config, source, baseDir: root, clock: new VirtualClock() });
  return shown([...warnings, ...diagnostics]);
}

function read(text: string) {
  return loadConfig({ path: `${root}config.yaml`, text, env: { SOULSEEK_PASSWORD: 'a password' }, files });
}

const shown = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(formatDiagnostic);
