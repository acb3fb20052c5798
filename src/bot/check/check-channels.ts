import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ConfigSource } from '../config/config-source.ts';
import type { Diagnostic } from '../config/diagnostic.ts';
import type { ChannelConfig } from '../notify/channel-config.ts';

/** What can be known of channels without sending anything, beyond what the config itself tells: their files. */
export function checkChannels(
  channels: readonly ChannelConfig[],
  source: Pick<ConfigSource, 'diagnose'>,
): readonly Diagnostic[] {
  return channels.flatMap((channel) => {
    if (!('path' in channel)) return [];
    const problem = fileProblem(channel.path);
    if (problem === undefined) return [];
    const path = ['notify', 'channels', channel.name, 'path'];
    return [source.diagnose(path, problem, { severity: 'warning' })];
  });
}

function fileProblem(path: string): string | undefined {
  const folder = dirname(path);
  const inFolder = statSync(folder, { throwIfNoEntry: false });
  if (inFolder?.isDirectory() !== true) return `the folder ${folder} does not exist`;
  const there = statSync(path, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return `${path} is no file`;
  try {
    accessSync(folder, constants.W_OK);
    if (there !== undefined) accessSync(path, constants.W_OK);
    return undefined;
  } catch {
    return `${path} may not be written`;
  }
}
