import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { type Mapping, MappingError, type MappingWay } from './mapping.ts';

export interface PortMapperOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** In the order in which they are tried. */
  readonly ways: readonly MappingWay[];
  /** Told of every change. */
  readonly onChange?: (status: MappingStatus) => void;
}

export type MappingStatus =
  /** Nothing was asked yet, or nothing is to be mapped. */
  | { readonly state: 'off' }
  | { readonly state: 'asking'; readonly port: number }
  | { readonly state: 'mapped'; readonly way: string; readonly mapping: Mapping; readonly since: number }
  | {
      readonly state: 'failed';
      readonly port: number;
      readonly reasons: readonly string[];
      readonly nextAt: number;
    };

/** Seconds that are asked for; gateways may give less. */
const LIFETIME = 7_200;
/** A gateway that gives next to nothing is not asked more often than this, in milliseconds. */
const LEAST_RENEWAL_MS = 30_000;
/** Of a mapping for good: a gateway that was switched off has forgotten it. */
const CHECK_MS = 30 * 60_000;
const FIRST_RETRY_MS = 60_000;
const LAST_RETRY_MS = 30 * 60_000;
/** Ports above the wanted one that are tried when it is taken. */
const MORE_PORTS = 3;

/** Keeps a port open at the gateway: asks, renews at half its time, takes it back at the end. */
export class PortMapper {
  readonly #options: PortMapperOptions;
  #status: MappingStatus = { state: 'off' };
  #way: MappingWay | undefined;
  #timer: Timer | undefined;
  #failures = 0;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: PortMapperOptions) {
    this.#options = options;
  }

  get status(): MappingStatus {
    return this.#status;
  }

  /** Resolves when the first attempt has ended, well or not. Never rejects. */
  open(port: number): Promise<void> {
    this.#set({ state: 'asking', port });
    return this.#turn(() => this.#ask(port, port));
  }

  /** Takes the mapping back. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#working;
    const status = this.#status;
    if (status.state === 'mapped') await this.#way?.unmap(status.mapping);
    this.#status = { state: 'off' };
  }

  #turn(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(() => (this.#closed ? undefined : work()));
    return this.#working;
  }

  async #ask(port: number, wanted: number): Promise<void> {
    const { clock, log, ways } = this.#options;
    const reasons: string[] = [];
    const known = this.#way;
    for (const way of known === undefined ? ways : [known, ...ways.filter((each) => each !== known)]) {
      try {
        const mapping = await mapSomewhere(way, port, wanted);
        this.#way = way;
        this.#failures = 0;
        this.#mapped(way, mapping);
        return;
      } catch (error) {
        reasons.push(`${way.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    this.#way = undefined;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, LAST_RETRY_MS);
    if (this.#failures === 1) log.info('No gateway opens a port for the bot', { port, reasons });
    this.#set({ state: 'failed', port, reasons, nextAt: clock.now() + wait });
    this.#later(wait, port, port);
  }

  #mapped(way: MappingWay, mapping: Mapping): void {
    const { clock, log } = this.#options;
    const before = this.#status;
    const same =
      before.state === 'mapped' &&
      before.way === way.name &&
      before.mapping.externalPort === mapping.externalPort &&
      before.mapping.externalIp === mapping.externalIp;
    if (!same) log.info('The gateway passes a port on to the bot', { way: way.name, ...mapping });
    this.#set({
      state: 'mapped',
      way: way.name,
      mapping,
      since: same ? before.since : clock.now(),
    });
    const wait = mapping.lifetime === 0 ? CHECK_MS : Math.max(LEAST_RENEWAL_MS, mapping.lifetime * 500);
    this.#later(wait, mapping.internalPort, mapping.externalPort);
  }

  #later(ms: number, port: number, wanted: number): void {
    if (this.#closed) return;
    this.#timer = this.#options.clock.setTimeout(() => void this.#turn(() => this.#ask(port, wanted)), ms);
  }

  #set(status: MappingStatus): void {
    const before = this.#status;
    this.#status = status;
    if (JSON.stringify(before) !== JSON.stringify(status)) this.#options.onChange?.(status);
  }
}

/** The wanted port, or one of the next when somebody else in the house has it. */
async function mapSomewhere(way: MappingWay, port: number, wanted: number): Promise<Mapping> {
  for (let more = 0; ; more++) {
    try {
      return await way.map(port, wanted + more, LIFETIME);
    } catch (error) {
      const taken = error instanceof MappingError && error.code === 'conflict';
      if (!taken || more === MORE_PORTS || wanted + more === 65_535) throw error;
    }
  }
}
