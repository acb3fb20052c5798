import type { TreeSnapshot } from '../../network/distributed/tree-snapshot.ts';
import type { GovernorSnapshot } from '../../network/governor/governor-types.ts';
import type { OpenPorts } from '../../network/peers/ports.ts';
import type { PeersSnapshot } from '../../network/peers/snapshot.ts';
import type { Standing } from '../../network/rooms/room.ts';
import type { AnsweringCounts } from '../../network/search/answering.ts';
import type { StrayResponses } from '../../network/search/searches.ts';
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

/** Connections with other users. */
export interface PeersStatus extends PeersSnapshot {
  /** Ports that are open; 0: none. */
  readonly ports: OpenPorts;
  /** Connections that others have opened so far. */
  readonly acceptedSoFar: number;
}

/** Searches both ways, since the start. */
export interface SearchStatus {
  /** Under way, those that wait for their turn included. */
  readonly running: number;
  /** Results to no search that runs. */
  readonly strays: StrayResponses;
  /** Seconds between two wishlist searches; 0: the server allows none. */
  readonly wishlistInterval: number;
  readonly answering: AnsweringCounts;
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
  readonly peers: PeersStatus;
  /** The bot's place in the distributed search network. */
  readonly tree: TreeSnapshot;
  readonly search: SearchStatus;
  /** Commands and handlers that run or wait. */
  readonly active: number;
}
