import type { Log } from '../../platform/log.ts';
import type { CommandLine, LineVerdict } from '../commands/command-ports.ts';
import { type Dialogs, partnerOf } from './dialogs.ts';

/**
 * Commands first, then the conversation that somebody is in the middle of. Meanwhile only what begins with the prefix is
 * a command, in private too: an answer may happen to be the name of one.
 * @param handle the command engine
 */
export function withDialogs(
  dialogs: Pick<Dialogs, 'waits' | 'knows' | 'take' | 'during'>,
  log: Log,
  handle: (line: CommandLine) => Promise<LineVerdict>,
): (line: CommandLine) => Promise<LineVerdict> {
  const ask = (line: CommandLine) => dialogs.during(line, () => handle(line));
  return async (line) => {
    const partner = partnerOf(line);
    const alone = line.room === undefined;
    if (alone && line.redelivered) {
      try {
        if (await dialogs.knows(partner, line.id)) return 'answered';
      } catch (error) {
        log.error('It cannot be told whether a message belonged to a dialog', { error });
        return 'unfinished';
      }
    }
    if (!dialogs.waits(partner)) return ask(line);
    const verdict = await ask(alone ? { ...line, prefixed: true } : line);
    if (verdict !== 'talk') return verdict;
    const taken = await dialogs.take(line);
    if (taken !== 'none') return taken;
    // It is over, or without its plugin: the line may still call a command without the prefix.
    return alone ? ask(line) : verdict;
  };
}
