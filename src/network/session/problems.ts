import type { Clock } from '../../platform/clock.ts';
import type { Emitter } from '../../platform/emitter.ts';
import type { Log } from '../../platform/log.ts';
import type { ClientEvents } from '../events.ts';

/**
 * Garbage from the server, told once for each kind and then at its tenth, hundredth, … time: a server that sends
 * nothing else must not fill the disk with our complaints.
 */
export class Problems {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #emitter: Emitter<ClientEvents>;
  readonly #counts = new Map<string, number>();

  constructor(options: { clock: Clock; log: Log; emitter: Emitter<ClientEvents> }) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#emitter = options.emitter;
  }

  /** `kind` must come from a bounded set; what varies belongs into `detail`. */
  report(kind: string, detail: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (!/^10*$/.test(String(count))) return;
    this.#log.warn('The server sent something that makes no sense', { kind, detail, count });
    this.#emitter.emit('problem', { kind, detail, count, at: this.#clock.now() });
  }
}
