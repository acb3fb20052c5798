import type { PluginInfo } from '../../plugins/host/types.ts';
import { askBot } from '../control/ask-bot.ts';
import { counted } from '../terminal/counted.ts';

/** Lists the plugins of the running bot. */
export async function listPlugins(configPath: string, json: boolean): Promise<boolean> {
  const status = await askBot(configPath, 'status', undefined);
  if (status === undefined) return false;
  const { plugins, failedPlugins } = status;
  const lines = json
    ? [JSON.stringify({ plugins, failedPlugins }, undefined, 2)]
    : [
        ...plugins.flatMap(pluginText),
        ...failedPlugins.map(({ id, reason }) => `${id}: not loaded: ${reason}`),
        ...(plugins.length + failedPlugins.length === 0 ? ['The bot runs no plugins.'] : []),
      ];
  process.stdout.write(`${lines.join('\n')}\n`);
  return true;
}

const MIB = 1_048_576;

/** One plugin: what it is, what it may, and how it fares. */
export function pluginText(info: PluginInfo): readonly string[] {
  const { id, name, state, problem, runtime, share, needs, granted, memory, times } = info;
  const place = runtime === 'inproc' ? 'in process' : share === undefined ? 'worker' : `worker ${share}`;
  const denied = needs.filter((need) => !granted.includes(need));
  const counts = [
    counted(info.handlers, 'handler'),
    counted(info.commands.length, 'command'),
    ...(info.queued > 0 ? [`${info.queued} waiting`] : []),
    ...(info.dropped > 0 ? [`${info.dropped} dropped`] : []),
    ...(info.failures > 0 ? [counted(info.failures, 'failure')] : []),
    ...(info.restarts > 0 ? [counted(info.restarts, 'restart')] : []),
    ...(info.reloads > 0 ? [counted(info.reloads, 'reload')] : []),
  ];
  return [
    `${id}${name === id ? '' : ` (${name})`}: ${state}, ${place}${problem === undefined ? '' : `: ${problem}`}`,
    ...(state === 'quarantined' ? [`  seekeeper plugin release ${id} starts it again`] : []),
    `  needs ${needs.length === 0 ? 'nothing' : granted.join(', ') || 'nothing that is granted'}${denied.length === 0 ? '' : `; not granted: ${denied.join(', ')}`}`,
    `  ${counts.join(', ')}`,
    ...(times.count === 0
      ? []
      : [
          `  ${counted(times.count, 'call')}, ${times.meanMs.toFixed(1)} ms on average, ${Math.round(times.maxMs)} ms at most`,
        ]),
    ...(memory === undefined || state === 'quarantined'
      ? []
      : [
          `  memory ${((memory.heapBytes + memory.externalBytes) / MIB).toFixed(0)} MiB (${(memory.externalBytes / MIB).toFixed(0)} MiB of it outside of the heap)`,
        ]),
    ...(info.file === undefined ? [] : [`  ${info.file}`]),
  ];
}
