import type { Clock } from '../../platform/clock.ts';
import type { Datagram } from '../../platform/datagram.ts';
import { deferred } from '../../platform/deferred.ts';
import { type Http, HttpError } from '../../platform/http.ts';
import { withTimeout } from '../../platform/time.ts';
import type { Address } from '../../platform/transport.ts';
import { element, elements, escapeXml } from './igd-xml.ts';
import { type Mapping, MappingError, type MappingWay } from './mapping.ts';

/* UPnP Internet Gateway Device, versions 1 and 2: WANIPConnection and WANPPPConnection. */

export interface IgdOptions {
  readonly clock: Clock;
  readonly datagram: Datagram;
  readonly http: Http;
  /** Our own address in the gateway's network. */
  readonly client: string;
  /** For tests: where gateways are asked for. @default the multicast address of SSDP */
  readonly search?: Address;
}

interface Control {
  readonly url: string;
  readonly service: string;
}

const SSDP: Address = { host: '239.255.255.250', port: 1900 };
const SEARCH_MS = 3_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;
const MAX_ANSWERS = 8;
const SERVICES = [
  'urn:schemas-upnp-org:service:WANIPConnection:2',
  'urn:schemas-upnp-org:service:WANIPConnection:1',
  'urn:schemas-upnp-org:service:WANPPPConnection:1',
];
/** Error codes of UPnP. */
const CONFLICT = 718;
const ONLY_PERMANENT = 725;
const NO_SUCH_ENTRY = 714;

export class IgdWay implements MappingWay {
  readonly name = 'UPnP';
  readonly #options: IgdOptions;
  #control: Control | undefined;

  constructor(options: IgdOptions) {
    this.#options = options;
  }

  async map(internal: number, external: number, lifetime: number): Promise<Mapping> {
    const control = await this.#find();
    try {
      const lease = await this.#add(control, internal, external, lifetime);
      const externalIp = await this.#externalIp(control);
      return {
        internalPort: internal,
        externalPort: external,
        lifetime: lease,
        ...(externalIp === undefined ? {} : { externalIp }),
      };
    } catch (error) {
      // Whatever is wrong, next time the gateway is looked for anew: it may have been replaced.
      this.#control = undefined;
      throw error;
    }
  }

  async unmap({ externalPort }: Mapping): Promise<void> {
    const control = this.#control;
    if (control === undefined) return;
    await this.#call(control, 'DeletePortMapping', {
      NewRemoteHost: '',
      NewExternalPort: externalPort,
      NewProtocol: 'TCP',
    }).catch(() => {});
  }

  /** @returns the lease in seconds; 0: for good */
  async #add(control: Control, internal: number, external: number, lifetime: number): Promise<number> {
    const request = (lease: number) =>
      this.#call(control, 'AddPortMapping', {
        NewRemoteHost: '',
        NewExternalPort: external,
        NewProtocol: 'TCP',
        NewInternalPort: internal,
        NewInternalClient: this.#options.client,
        NewEnabled: 1,
        NewPortMappingDescription: 'seekeeper',
        NewLeaseDuration: lease,
      });
    try {
      await request(lifetime);
      return lifetime;
    } catch (error) {
      // Old gateways know mappings for good only; ours is taken back when the bot stops.
      if (!(error instanceof UpnpError && error.number === ONLY_PERMANENT)) throw error;
      await request(0);
      return 0;
    }
  }

  async #externalIp(control: Control): Promise<string | undefined> {
    const answer = await this.#call(control, 'GetExternalIPAddress', {}).catch(() => '');
    return element(answer, 'NewExternalIPAddress');
  }

  async #find(): Promise<Control> {
    if (this.#control !== undefined) return this.#control;
    const locations = await this.#search();
    for (const location of locations) {
      const control = await this.#describe(location);
      if (control !== undefined) {
        this.#control = control;
        return control;
      }
    }
    if (locations.length === 0) throw new MappingError('silent', 'no UPnP gateway answers');
    throw new MappingError('unsupported', 'the UPnP devices that answer are no gateways');
  }

  /** Descriptions that devices say they have, at their own addresses only. */
  async #search(): Promise<readonly string[]> {
    const { clock, datagram, client, search = SSDP } = this.#options;
    const locations = new Set<string>();
    const enough = deferred();
    const socket = await datagram.bind({ host: client, port: 0 }, (bytes, from) => {
      const location = /^location:\s*(\S+)\s*$/im.exec(Buffer.from(bytes).toString('latin1'))?.[1];
      // Whoever answers could name any address of the network.
      if (location === undefined || hostOf(location) !== from.host) return;
      locations.add(location);
      if (locations.size === MAX_ANSWERS) enough.resolve();
    });
    try {
      for (const target of [...SERVICES, 'upnp:rootdevice']) {
        const lines = [
          'M-SEARCH * HTTP/1.1',
          `HOST: ${SSDP.host}:${SSDP.port}`,
          'MAN: "ssdp:discover"',
          'MX: 2',
          `ST: ${target}`,
        ];
        socket.send(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), search);
      }
      await withTimeout(clock, enough.promise, SEARCH_MS, () => new Error('enough')).catch(() => {});
    } finally {
      await socket.close();
    }
    return [...locations];
  }

  async #describe(location: string): Promise<Control | undefined> {
    const text = await this.#request('GET', location).catch(() => undefined);
    if (text === undefined || text.status !== 200) return undefined;
    const services = elements(text.body, 'service').map((service) => ({
      type: element(service, 'serviceType'),
      url: element(service, 'controlURL'),
    }));
    for (const service of SERVICES) {
      const url = services.find(({ type }) => type === service)?.url;
      if (url === undefined) continue;
      const absolute = resolved(url, location);
      if (absolute !== undefined && hostOf(absolute) === hostOf(location)) return { url: absolute, service };
    }
    return undefined;
  }

  /** @returns the answer's body. @throws MappingError */
  async #call(
    { url, service }: Control,
    action: string,
    args: Readonly<Record<string, string | number>>,
  ): Promise<string> {
    const inner = Object.entries(args)
      .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
      .join('');
    const body =
      '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" ' +
      's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>' +
      `<u:${action} xmlns:u="${service}">${inner}</u:${action}></s:Body></s:Envelope>`;
    const { status, body: answer } = await this.#request('POST', url, body, {
      'content-type': 'text/xml; charset="utf-8"',
      soapaction: `"${service}#${action}"`,
    });
    if (status === 200) return answer;
    const number = Number(element(answer, 'errorCode') ?? 0);
    throw new UpnpError(number, element(answer, 'errorDescription') ?? `it answers ${status}`);
  }

  async #request(
    method: string,
    url: string,
    body?: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: string }> {
    try {
      const answer = await this.#options.http.request({
        method,
        url,
        ...(headers && { headers }),
        ...(body === undefined ? {} : { body }),
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_BYTES,
      });
      return { status: answer.status, body: Buffer.from(answer.body).toString('utf8') };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      throw new MappingError('silent', `the UPnP gateway does not answer: ${error.message}`);
    }
  }
}

/** What a gateway says about a request that it does not grant. */
class UpnpError extends MappingError {
  readonly number: number;

  constructor(number: number, description: string) {
    super(number === CONFLICT ? 'conflict' : number === NO_SUCH_ENTRY ? 'malformed' : 'refused', description);
    this.number = number;
  }
}

function hostOf(url: string): string | undefined {
  const parsed = resolved(url);
  return parsed === undefined ? undefined : new URL(parsed).hostname;
}

/** Only http: gateways know nothing else. */
function resolved(url: string, base?: string): string | undefined {
  if (!URL.canParse(url, base)) return undefined;
  const parsed = new URL(url, base);
  return parsed.protocol === 'http:' ? parsed.href : undefined;
}
