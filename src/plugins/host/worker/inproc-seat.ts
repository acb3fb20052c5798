import type { Clock } from '../../../platform/clock.ts';
import { type Channel, inProcessChannel } from '../channel.ts';
import type { LoadedModule } from '../loaded-module.ts';
import { runAsPlugin } from '../plugin-context.ts';
import { PluginRunner } from '../runner/plugin-runner.ts';
import type { Seat, SeatLoss } from '../seat.ts';
import { logBounded } from './log-bounded.ts';

/** A plugin in the bot's own process. It is never lost. */
export class InprocSeat implements Seat {
  readonly channel: Channel;
  readonly lost = new Promise<SeatLoss>(() => {});

  constructor(id: string, load: () => Promise<LoadedModule>, clock: Clock) {
    const ends = inProcessChannel();
    this.channel = logBounded(ends.host, clock);
    const held = async () => {
      // Files are read meanwhile.
      const hold = clock.hold(`loading plugin ${id}`);
      try {
        return await load();
      } finally {
        hold.release();
      }
    };
    // The channel keeps it alive.
    new PluginRunner(ends.plugin, held, (run) => runAsPlugin(id, run));
  }

  memory(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    this.channel.close();
  }
}
