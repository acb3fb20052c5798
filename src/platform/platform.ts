import type { Clock } from './clock.ts';
import type { Datagram } from './datagram.ts';
import type { Http } from './http.ts';
import type { Log } from './log.ts';
import type { Mail } from './mail.ts';
import type { Random } from './random.ts';
import type { Transport } from './transport.ts';

/** Everything that the outside world gives. One object, passed down from the program's entry or from a test. */
export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly datagram: Datagram;
  readonly http: Http;
  readonly mail: Mail;
  readonly log: Log;
  /** How many descriptors (sockets, files) the process may have open. @default unlimited */
  readonly descriptors?: number;
}
