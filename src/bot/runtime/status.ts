import type { GovernorSnapshot } from '../../network/governor/governor-types.ts';
import type { Standing } from '../../network/rooms/room.ts';
import type { SessionState } from '../../network/session/state.ts';
import type { PluginInfo } from '../../plugins/host/types.ts';

/** Where the bot is in its life. `ready`: it was online and every configured room has answered once. */
export type BotPhase = 'new' | 'loading' | 'connecting' | 'ready' | 'stopping' | 'stopped';

/** A room as the owner sees it. */
export interface RoomStatus {
  readonly name: string;
  readonly joined: boolean;
  readonly private: boolean;
  readonly standing: Standing;
  /** People inside, the bot included. */
  readonly users: number;
  /** Why the bot is not inside, as far as the server said. */
  readonly problem?: string;
}

/** Everything that can be asked about a running bot. Plain data, without secrets and private text. */
export interface BotStatus {
  readonly user: string;
  readonly phase: BotPhase;
  /** When `start` was called, milliseconds since the epoch. */
  readonly since?: number;
  readonly session: SessionState;
  readonly rooms: readonly RoomStatus[];
  readonly plugins: readonly PluginInfo[];
  /** Plugins that could not be loaded and were left out. */
  readonly failedPlugins: readonly { readonly id: string; readonly reason: string }[];
  readonly commands: readonly { readonly name: string; readonly plugin: string }[];
  readonly inbox: {
    /** Stored, and waiting or being handled. */
    readonly waiting: number;
    /** Arrived and not stored: not acknowledged either. */
    readonly unstored: number;
    /** Why nothing can be stored. */
    readonly blocked?: string;
  };
  readonly outbox: { readonly waiting: number };
  readonly governor: GovernorSnapshot;
  /** Commands and handlers that run or wait. */
  readonly active: number;
}
