import type { Clock } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Transport } from '../../platform/transport.ts';
import type { ClientEvents } from '../events.ts';
import type { Governor } from '../governor/governor.ts';
import type { OpenPorts } from '../peers/ports.ts';
import type { StatePort } from '../ports.ts';

export interface SessionOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly transport: Transport;
  readonly state: StatePort;
  readonly governor: Governor;
  readonly emitter: Emitter<ClientEvents>;
  readonly server: { readonly host: string; readonly port: number };
  readonly username: string;
  readonly password: string;
  /** Where peers reach us. */
  readonly waitPorts: () => OpenPorts;
}
