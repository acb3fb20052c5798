import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { PeerNetwork } from '../peers/peer-link.ts';
import type { ServerLink } from '../server-link.ts';

export interface SearchTreeOptions {
  readonly link: ServerLink;
  readonly peers: Pick<PeerNetwork, 'connect' | 'onIncoming'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly options?: TreeOptions;
}

/** What an owner may choose about the tree. */
export interface TreeOptions {
  /** The most children that we carry, 0 or more; the upload speed that the server knows of us may allow fewer. @default 10 */
  readonly maxChildren?: number;
  /** Bytes that may wait for one child before it is dropped. @default 2097152 (2 MiB), minutes of the usual traffic */
  readonly childQueueBytes?: number;
  /** How long bytes may wait for one child before it is dropped, milliseconds. @default 30000 */
  readonly childQueueMs?: number;
  /** A parent or child without any traffic for so long is let go, milliseconds; candidates by the rules of all links. @default 60000 */
  readonly silenceMs?: number;
  /** For connecting with one possible parent, milliseconds. @default 30000 */
  readonly dialTimeoutMs?: number;
}

export const defaultTreeOptions: Required<TreeOptions> = {
  maxChildren: 10,
  childQueueBytes: 2 * 1024 * 1024,
  childQueueMs: 30_000,
  silenceMs: 60_000,
  dialTimeoutMs: 30_000,
};
