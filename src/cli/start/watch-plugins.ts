import { resolve } from 'node:path';
import { DevWatch } from '../../bot/plugins/dev-watch.ts';
import { reloadLines } from '../../bot/plugins/reload-report.ts';
import type { Bot } from '../../bot/runtime/bot.ts';
import { NodeFileWatch } from '../../platform/real/node-file-watch.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { printable } from '../terminal/printable.ts';

/** Reloads plugins as soon as their files, or the config, are saved, and prints what came of it. */
export function watchPlugins(bot: Bot, configPath: string): DevWatch {
  process.stdout.write('What is saved is reloaded: plugins and the config.\n');
  return new DevWatch({
    clock: new RealClock(),
    watch: new NodeFileWatch(),
    config: resolve(configPath),
    files: () => bot.pluginFiles(),
    reload: (options) => bot.reload(options),
    done: (report) => {
      for (const line of reloadLines(report)) process.stdout.write(`${printable(line)}\n`);
    },
  });
}
