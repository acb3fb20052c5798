import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import type { HostServices } from '../../plugins/host/services.ts';
import type { PluginInfo } from '../../plugins/host/types.ts';
import type { Languages } from '../../plugins/host/wire.ts';
import type { CommandLine, LineVerdict } from '../commands/command-ports.ts';
import type { BotConfig } from '../config/config.ts';
import type { DialogStore } from '../dialogs/dialog-store.ts';
import { Dialogs } from '../dialogs/dialogs.ts';
import { withDialogs } from '../dialogs/with-dialogs.ts';
import { Interceptors } from '../intercept/interceptors.ts';
import { BotMetrics } from '../metrics/metrics.ts';
import type { NoteDecision } from '../why/decision.ts';

export interface SurfaceOptions {
  readonly config: Pick<BotConfig, 'bot' | 'rooms'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly store: { readonly dialogs: DialogStore };
  /** Different in every run of the bot. */
  readonly run: string;
  readonly note: NoteDecision;
  readonly roomOf: (name: string) => RoomRef;
  readonly plugins: () => readonly PluginInfo[];
  /** Asked for when something is to be said. */
  readonly services: () => Pick<HostServices, 'reply'>;
}

/** What plugins reach of each other, of lines on their way, and of conversations. */
export class Surface {
  readonly interceptors: Interceptors;
  readonly dialogs: Dialogs;
  readonly metrics: BotMetrics;
  readonly languages: Languages;
  readonly #log: Log;

  constructor(options: SurfaceOptions) {
    const { config, clock, log, store, run, note, roomOf, plugins, services } = options;
    this.#log = log;
    this.interceptors = new Interceptors({
      clock,
      log,
      note,
      isDown: (instance) => isDown(plugins().find(({ id }) => id === instance)),
    });
    this.dialogs = new Dialogs({
      clock,
      log,
      store: store.dialogs,
      run,
      roomOf,
      say: (instance, target, lines) => services().reply(instance, target, lines, { priority: 'reply' }),
    });
    this.metrics = new BotMetrics(clock);
    this.languages = languagesOf(config);
  }

  /** Commands with conversations behind them. @param handle the command engine */
  listening(
    handle: (line: CommandLine) => Promise<LineVerdict>,
  ): (line: CommandLine) => Promise<LineVerdict> {
    return withDialogs(this.dialogs, this.#log, handle);
  }
}

function isDown(plugin: PluginInfo | undefined): boolean {
  return plugin?.state === 'restarting' || plugin?.state === 'quarantined';
}

function languagesOf({ bot, rooms }: Pick<BotConfig, 'bot' | 'rooms'>): Languages {
  return {
    usual: bot.language,
    rooms: Object.fromEntries(
      rooms.flatMap(({ name, language }) => (language === undefined ? [] : [[name, language]])),
    ),
  };
}
