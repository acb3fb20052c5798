import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import type { Transport } from '../../platform/transport.ts';
import type { ServerRequest } from '../../protocol/index.ts';
import type { PeerBehaviour } from './behaviour.ts';
import type { Library } from './library.ts';

/** What the parts of a sandbox peer share. */
export interface PeerSelf {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  /** Replaced at any time, and so is the library. */
  behaviour: PeerBehaviour;
  library: Library;
  /** To the server. */
  send(...requests: readonly ServerRequest[]): void;
}
