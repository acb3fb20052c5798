import type { Clock } from '../../../platform/clock.ts';
import type { Channel } from '../channel.ts';
import { LineBudget } from '../line-budget.ts';
import type { FromPlugin } from '../wire.ts';

/** Lines of one plugin in the log: enough for what a person reads, and little for a disk. */
const RATE = { burst: 1_000, perSecond: 20 };

/** The host's end of a channel, on which lines for the log beyond a rate are left out and counted. */
export function logBounded(channel: Channel, clock: Clock): Channel {
  const budget = new LineBudget(clock, RATE);
  return {
    post: (message) => channel.post(message),
    close: () => channel.close(),
    onMessage: (receive) =>
      channel.onMessage((message) => {
        const line = message as FromPlugin;
        if (line.t === 'log') {
          const lost = budget.take();
          if (lost === undefined) return;
          if (lost > 0) receive(tooMany(lost));
        }
        receive(message);
      }),
  };
}

function tooMany(lost: number): FromPlugin {
  return {
    t: 'log',
    level: 'warn',
    message: `${lost} lines of this plugin were left out: more than ${RATE.perSecond} a second`,
    fields: { lost },
  };
}
