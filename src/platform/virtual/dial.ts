import { abortError, onAbort } from '../abort.ts';
import type { Timer } from '../clock.ts';
import { type Address, type Connection, type ConnectOptions, TransportError } from '../transport.ts';
import { isLoopback, isPort } from './ip.ts';
import { type NetCore, tripMs } from './net-core.ts';
import { VirtualConnection } from './virtual-connection.ts';
import type { VirtualHost } from './virtual-host.ts';

/** The first repetition of a packet that was not answered; each further one waits twice as long. */
const RETRY_MS = 1000;

/** Opens a connection from `from`, as TCP's handshake would: one trip there, one back. */
export function dial(core: NetCore, from: VirtualHost, options: ConnectOptions): Promise<Connection> {
  if (!isPort(options.port)) {
    return Promise.reject(new TransportError('ERR_SOCKET_BAD_PORT', `${options.port} is not a port`));
  }
  core.counters.connects++;
  return new Promise((resolve, reject) => {
    new Attempt(core, from, options, resolve, reject).begin();
  });
}

class Attempt {
  readonly #core: NetCore;
  readonly #from: VirtualHost;
  readonly #options: ConnectOptions;
  readonly #resolve: (connection: Connection) => void;
  readonly #reject: (error: Error) => void;
  #done = false;
  /** What to give back when the attempt ends without a connection. */
  #port: number | undefined;
  #client: VirtualConnection | undefined;
  #step: Timer | undefined;
  #timeout: Timer | undefined;
  #forgetSignal: () => void = () => {};
  #forgetDial: () => void = () => {};

  constructor(
    core: NetCore,
    from: VirtualHost,
    options: ConnectOptions,
    resolve: (connection: Connection) => void,
    reject: (error: Error) => void,
  ) {
    this.#core = core;
    this.#from = from;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { host, port, timeoutMs, signal } = this.#options;
    this.#forgetSignal = onAbort(signal, () => {
      const cause = signal === undefined ? undefined : abortError(signal);
      this.#fail(new TransportError('ABORT_ERR', `Connecting to ${host}:${port} was aborted`, { cause }));
    });
    if (this.#done) return;
    this.#forgetDial = this.#from.beginDial((error) => this.#fail(error));
    this.#timeout = this.#core.clock.setTimeout(() => {
      this.#fail(new TransportError('ETIMEDOUT', `No answer from ${host}:${port} within ${timeoutMs} ms`));
    }, timeoutMs);
    const ip = this.#core.resolve(host);
    if (ip === undefined) {
      this.#after(0, () => this.#fail(new TransportError('ENOTFOUND', `No address for ${host}`)));
      return;
    }
    try {
      this.#port = this.#from.takePort();
    } catch (error) {
      this.#fail(error as TransportError);
      return;
    }
    this.#knock({ host: ip, port }, RETRY_MS);
  }

  /** Sends the first packet of the handshake; without an answer again and again, until the timeout. */
  #knock(to: Address, retryMs: number): void {
    const targetIp = isLoopback(to.host) ? this.#from.ip : to.host;
    const link = this.#core.link(this.#from.ip, targetIp);
    this.#after(tripMs(this.#core, link), () => {
      const target = this.#core.hosts.get(targetIp);
      const swallowed = target === undefined || link.cut || (target.firewalled && target !== this.#from);
      if (swallowed) {
        this.#after(retryMs, () => this.#knock(to, retryMs * 2));
        return;
      }
      const accept = target.acceptor(to);
      const back = tripMs(this.#core, link);
      if (accept === undefined) {
        this.#after(back, () => {
          this.#fail(new TransportError('ECONNREFUSED', `Nobody listens at ${to.host}:${to.port}`));
        });
        return;
      }
      const local = { host: isLoopback(to.host) ? to.host : this.#from.ip, port: this.#port ?? 0 };
      const openAt = this.#core.clock.monotonic() + back;
      const [client, server] = VirtualConnection.pair(
        this.#core,
        link,
        { host: this.#from, address: local },
        { host: target, address: to },
        openAt,
      );
      this.#client = client;
      // Before the acceptor runs: what it sends must not overtake the news of the connection.
      this.#after(back, () => this.#succeed(client, () => link.cut));
      accept(server);
    });
  }

  #succeed(client: VirtualConnection, isCut: () => boolean): void {
    if (isCut()) {
      this.#after(RETRY_MS, () => this.#succeed(client, isCut));
      return;
    }
    this.#finish();
    this.#resolve(client);
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#finish();
    if (this.#client !== undefined) this.#client.destroy();
    else if (this.#port !== undefined) this.#from.returnPort(this.#port);
    this.#reject(error);
  }

  #finish(): void {
    this.#done = true;
    this.#step?.cancel();
    this.#timeout?.cancel();
    this.#forgetSignal();
    this.#forgetDial();
  }

  #after(ms: number, run: () => void): void {
    this.#step = this.#core.clock.setTimeout(run, ms);
  }
}
