import { type CoreCommand, coreSpec } from '../commands/core-command.ts';
import { reloadLines } from './reload-report.ts';
import type { Reloading } from './reloading.ts';

/** `!reload [plugin]`, for owners. */
export function reloadCommand(reloading: Pick<Reloading, 'reload'>): CoreCommand {
  return {
    spec: coreSpec({
      name: 'reload',
      summary: 'Loads plugins again whose files or settings have changed',
      description: '!reload reads the config and all plugins again, !reload ID that plugin, changed or not',
      args: [{ name: 'plugin', kind: 'optional', of: { kind: 'word' } }],
      allow: ['owner'],
      examples: ['reload', 'reload greeter'],
    }),
    async run({ args }) {
      const id = args['plugin'];
      const report = await reloading.reload(typeof id === 'string' ? { only: id } : {});
      return { lines: reloadLines(report), private: true };
    },
  };
}
