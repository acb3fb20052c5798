import type { Clock, Timer } from '../../platform/clock.ts';
import type { Datagram } from '../../platform/datagram.ts';
import { deferred } from '../../platform/deferred.ts';
import type { Random } from '../../platform/random.ts';
import type { Address } from '../../platform/transport.ts';
import { type Mapping, MappingError, type MappingWay } from './mapping.ts';
import { GATEWAY_PORT, natPmpRequest, readNatPmp } from './nat-pmp.ts';
import { NONCE_BYTES, pcpRequest, readPcp } from './pcp.ts';

export interface GatewayOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly datagram: Datagram;
  /** The gateway's address. */
  readonly gateway: string;
  /** Our own address in its network. */
  readonly client: string;
  /** For tests: where it listens. @default 5351 */
  readonly port?: number;
}

/** The first wait for an answer in milliseconds, and how often it is asked; each wait is twice the last [RFC 6886]. */
const FIRST_WAIT_MS = 250;
const ATTEMPTS = 5;

type Read = (bytes: Uint8Array) => Omit<Mapping, 'internalPort'> | undefined;

/** What PCP and NAT-PMP share: a question by UDP to the gateway, asked again until it answers. */
abstract class GatewayWay implements MappingWay {
  abstract readonly name: string;
  protected readonly options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.options = options;
  }

  abstract map(internal: number, external: number, lifetime: number): Promise<Mapping>;
  abstract unmap(mapping: Mapping): Promise<void>;

  protected async ask(request: Uint8Array, read: Read): Promise<Omit<Mapping, 'internalPort'>> {
    const { datagram, gateway, client, port = GATEWAY_PORT } = this.options;
    const to: Address = { host: gateway, port };
    const answered = deferred<Omit<Mapping, 'internalPort'>>();
    const socket = await datagram.bind({ host: client, port: 0 }, (bytes, from) => {
      // Anybody can send to this port; only the gateway is believed.
      if (from.host !== gateway || from.port !== port) return;
      try {
        const reply = read(bytes);
        if (reply !== undefined) answered.resolve(reply);
      } catch (error) {
        answered.reject(error);
      }
    });
    const timer = this.#repeat(() => socket.send(request, to), answered);
    try {
      return await answered.promise;
    } finally {
      timer.cancel();
      await socket.close();
    }
  }

  #repeat(send: () => void, answered: { reject(error: Error): void }): { cancel(): void } {
    const { clock, gateway } = this.options;
    let timer: Timer | undefined;
    let sent = 0;
    const next = () => {
      if (sent === ATTEMPTS) {
        answered.reject(new MappingError('silent', `${gateway} does not answer`));
        return;
      }
      send();
      timer = clock.setTimeout(next, FIRST_WAIT_MS * 2 ** sent++);
    };
    next();
    return { cancel: () => timer?.cancel() };
  }
}

export class NatPmpWay extends GatewayWay {
  readonly name = 'NAT-PMP';

  async map(internal: number, external: number, lifetime: number): Promise<Mapping> {
    const reply = await this.ask(natPmpRequest(internal, external, lifetime), (bytes) => {
      const read = readNatPmp(bytes);
      return read?.internal === internal
        ? { externalPort: read.external, lifetime: read.lifetime }
        : undefined;
    });
    return { internalPort: internal, ...reply };
  }

  async unmap({ internalPort }: Mapping): Promise<void> {
    await this.map(internalPort, 0, 0).catch(() => {});
  }
}

export class PcpWay extends GatewayWay {
  readonly name = 'PCP';
  /** By internal port: renewing a mapping takes the nonce with which it was made. */
  readonly #nonces = new Map<number, Uint8Array>();

  async map(internal: number, external: number, lifetime: number): Promise<Mapping> {
    const { client } = this.options;
    const nonce = this.#nonces.get(internal) ?? this.options.random.bytes(NONCE_BYTES);
    this.#nonces.set(internal, nonce);
    const request = pcpRequest({ client, internal, external, lifetime, nonce });
    const reply = await this.ask(request, (bytes) => {
      const read = readPcp(bytes, nonce);
      if (read?.internal !== internal) return undefined;
      return { externalPort: read.external, lifetime: read.lifetime, externalIp: read.externalIp };
    });
    return { internalPort: internal, ...reply };
  }

  async unmap({ internalPort, externalPort }: Mapping): Promise<void> {
    await this.map(internalPort, externalPort, 0).catch(() => {});
    this.#nonces.delete(internalPort);
  }
}
