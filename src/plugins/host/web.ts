import { type Http, HttpError, type HttpResponse } from '../../platform/http.ts';
import { PluginError } from '../api/errors.ts';
import type { WebResponse } from '../api/web.ts';
import { readWebRequest, type WireWebRequest } from './web-input.ts';

/** Requests of one plugin at a time. */
const AT_ONCE = 4;

/** The web as one plugin sees it. */
export class HostWeb {
  readonly #http: Http;
  readonly #now: () => number;
  readonly #privateHosts: ReadonlySet<string>;
  readonly #waiting: (() => void)[] = [];
  readonly #ending = new AbortController();
  #running = 0;

  /**
   * @param now milliseconds, monotonic
   * @param privateHosts hosts that may be reached although their address is not public: `host` or `host:port`
   */
  constructor(http: Http, now: () => number, privateHosts: readonly string[]) {
    this.#http = http;
    this.#now = now;
    this.#privateHosts = new Set(privateHosts.map((host) => host.toLowerCase()));
  }

  /** @throws PluginError (as rejection) `invalid`, `web-failed`, `timeout`, `unloaded`. */
  async fetch(url: unknown, options: unknown): Promise<WebResponse> {
    const request = readWebRequest(url, options);
    const until = this.#now() + request.timeoutMs;
    await this.#turn();
    try {
      return await this.#follow(request, until);
    } catch (error) {
      throw this.#explain(error, request.url);
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#ending.abort();
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #turn(): Promise<void> {
    while (this.#running >= AT_ONCE && !this.#ending.signal.aborted)
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running++;
  }

  async #follow(request: WireWebRequest, until: number): Promise<WebResponse> {
    let { url, method, body, headers } = request;
    // A link that somebody posted must not lead to a host that only the plugin itself may ask.
    const mayBePrivate = this.#isAllowed(url);
    for (let left = request.redirects; ; left--) {
      const timeoutMs = until - this.#now();
      if (timeoutMs <= 0) throw new HttpError('ETIMEDOUT', 'No whole answer in time');
      const response = await this.#http.request({
        method,
        url,
        headers,
        ...(body === undefined ? {} : { body }),
        timeoutMs,
        maxBytes: request.maxBytes,
        cut: request.cut,
        publicOnly: !(mayBePrivate && this.#isAllowed(url)),
        redirect: 'manual',
        signal: this.#ending.signal,
      });
      const next = redirectOf(response, url);
      if (next === undefined || request.redirects === 0) return readable(response, url);
      if (left === 0) throw new HttpError('EREDIRECTS', `More than ${request.redirects} redirects`);
      // What was meant for one host is nobody else's business.
      if (new URL(next).host !== new URL(url).host) headers = withoutSecrets(headers);
      if (response.status === 303 || (response.status <= 302 && method === 'POST')) {
        method = method === 'HEAD' ? 'HEAD' : 'GET';
        body = undefined;
      }
      url = next;
    }
  }

  #isAllowed(url: string): boolean {
    const { host, hostname } = new URL(url);
    return this.#privateHosts.has(host) || this.#privateHosts.has(hostname);
  }

  #explain(error: unknown, url: string): PluginError {
    if (this.#ending.signal.aborted) return new PluginError('unloaded', 'the plugin is being unloaded');
    if (!(error instanceof HttpError)) return new PluginError('web-failed', `${url}: ${String(error)}`);
    const code = error.code === 'ETIMEDOUT' ? 'timeout' : 'web-failed';
    return new PluginError(code, `${url}: ${error.message} (${error.code})`);
  }
}

function redirectOf({ status, headers }: HttpResponse, from: string): string | undefined {
  const to = headers['location'];
  if (to === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = URL.canParse(to, from) ? new URL(to, from) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new HttpError('EREDIRECT', 'It leads to something that is neither http nor https');
  return url.href;
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(?:authorization|cookie|x-.*)$/iu.test(name)),
  );
}

function readable({ status, headers, body, cut }: HttpResponse, url: string): WebResponse {
  const charset = /charset="?([^\s";]+)/iu.exec(headers['content-type'] ?? '')?.[1];
  let decoder = new TextDecoder();
  try {
    decoder = new TextDecoder(charset);
  } catch {
    // A label that nobody knows: UTF-8 is the best guess.
  }
  return {
    status,
    ok: status >= 200 && status < 300,
    url,
    headers,
    text: decoder.decode(body),
    cut: cut === true,
  };
}
