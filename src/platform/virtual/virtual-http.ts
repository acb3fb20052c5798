import { abortError, onAbort } from '../abort.ts';
import type { Clock, Timer } from '../clock.ts';
import { type Http, HttpError, type HttpRequest, type HttpResponse } from '../http.ts';
import { isPublicAddress, literalAddress } from '../public-address.ts';

/** As many as browsers follow. */
const MAX_REDIRECTS = 20;

/** What a route answers. */
export interface VirtualReply {
  /** @default 200 */
  readonly status?: number;
  /** Names in any case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as UTF-8. @default empty */
  readonly body?: Uint8Array | string;
  /** Virtual milliseconds until the reply is complete. @default 0 */
  readonly delayMs?: number;
  /** Never answer: the requester runs into its timeout. */
  readonly hang?: boolean;
  /** Fail with an {@link HttpError} of this code instead of answering, e.g. `ECONNRESET`. */
  readonly error?: string;
}

export type VirtualRoute = (request: HttpRequest) => VirtualReply | Promise<VirtualReply>;

export interface RecordedRequest {
  /** Time on the clock when it was made. */
  readonly at: number;
  readonly request: HttpRequest;
}

interface Route {
  readonly method: string | undefined;
  readonly url: string | RegExp;
  readonly reply: VirtualRoute;
}

/** HTTP in memory: a test registers what each URL answers. Without a route a request fails with ENOTFOUND. */
export class VirtualHttp implements Http {
  readonly #clock: Clock;
  readonly #requests: RecordedRequest[] = [];
  #routes: Route[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Every request so far, those that redirects led to included. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /**
   * Answers requests whose URL begins with a text or matches an expression; of several routes the newest wins.
   * @returns takes the route away again.
   */
  on(url: string | RegExp, reply: VirtualRoute | VirtualReply): () => void;
  on(method: string, url: string | RegExp, reply: VirtualRoute | VirtualReply): () => void;
  on(
    first: string | RegExp,
    second: string | RegExp | VirtualRoute | VirtualReply,
    third?: VirtualRoute | VirtualReply,
  ): () => void {
    const reply = third ?? (second as VirtualRoute | VirtualReply);
    const route: Route = {
      method: third === undefined ? undefined : String(first).toUpperCase(),
      url: third === undefined ? first : (second as string | RegExp),
      reply: typeof reply === 'function' ? reply : () => reply,
    };
    this.#routes = [route, ...this.#routes];
    return () => {
      this.#routes = this.#routes.filter((other) => other !== route);
    };
  }

  request(request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const timers: Timer[] = [];
      const ending = new AbortController();
      const end = (settle: () => void) => {
        ending.abort();
        for (const timer of timers) timer.cancel();
        forgetSignal();
        settle();
      };
      let forgetSignal = () => {};
      timers.push(
        this.#clock.setTimeout(() => {
          end(() => reject(new HttpError('ETIMEDOUT', `No whole answer within ${request.timeoutMs} ms`)));
        }, request.timeoutMs),
      );
      forgetSignal = onAbort(request.signal, () => {
        const cause = request.signal === undefined ? undefined : abortError(request.signal);
        end(() => reject(new HttpError('ABORT_ERR', 'The request was aborted', { cause })));
      });
      if (ending.signal.aborted) return;
      const wait = (ms: number) =>
        new Promise<void>((woken) => {
          if (!ending.signal.aborted) timers.push(this.#clock.setTimeout(woken, ms));
        });
      this.#exchange(request, wait).then(
        (response) => end(() => resolve(response)),
        (error: unknown) => end(() => reject(asHttpError(error))),
      );
    });
  }

  async #exchange(request: HttpRequest, wait: (ms: number) => Promise<void>): Promise<HttpResponse> {
    let current = request;
    if (request.publicOnly === true) checkPublic(request.url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      this.#requests.push({ at: this.#clock.now(), request: current });
      const reply = await this.#route(current)(current);
      await (reply.hang === true ? new Promise(() => {}) : wait(reply.delayMs ?? 0));
      if (reply.error !== undefined) throw new HttpError(reply.error, `The exchange failed: ${reply.error}`);
      const response = toResponse(reply, current);
      const next =
        request.redirect === 'follow' && request.publicOnly !== true
          ? redirected(current, response)
          : undefined;
      if (next === undefined) return response;
      current = next;
    }
    throw new HttpError('ERR_TOO_MANY_REDIRECTS', `More than ${MAX_REDIRECTS} redirects`);
  }

  #route(request: HttpRequest): VirtualRoute {
    const route = this.#routes.find((candidate) => matches(candidate, request));
    if (route === undefined)
      throw new HttpError('ENOTFOUND', `No route for ${request.method} ${request.url}`);
    return route.reply;
  }
}

function matches(route: Route, request: HttpRequest): boolean {
  if (route.method !== undefined && route.method !== request.method.toUpperCase()) return false;
  // `search` ignores the state that `test` keeps in expressions with the g flag.
  return typeof route.url === 'string'
    ? request.url.startsWith(route.url)
    : request.url.search(route.url) >= 0;
}

/** Names are public here, but for the one that every machine has. */
function checkPublic(address: string): void {
  const url = new URL(address);
  const literal = literalAddress(url);
  if (literal === undefined ? url.hostname !== 'localhost' : isPublicAddress(literal)) return;
  throw new HttpError('EPRIVATE', `${url.hostname} is not on the public internet`);
}

function toResponse(reply: VirtualReply, { maxBytes, publicOnly, cut }: HttpRequest): HttpResponse {
  const body =
    typeof reply.body === 'string' ? new TextEncoder().encode(reply.body) : (reply.body ?? new Uint8Array());
  const tooLong = body.length > maxBytes;
  if (tooLong && !(publicOnly === true && cut === true))
    throw new HttpError('ETOOLARGE', `The answer is longer than ${maxBytes} bytes`);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.headers ?? {})) headers[name.toLowerCase()] = value;
  return {
    status: reply.status ?? 200,
    headers,
    body: body.slice(0, maxBytes),
    ...(tooLong && { cut: true as const }),
  };
}

function redirected(request: HttpRequest, response: HttpResponse): HttpRequest | undefined {
  const location = response.headers['location'];
  if (location === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const url = new URL(location, request.url).href;
  const becomesGet =
    (response.status === 303 && request.method !== 'HEAD') ||
    (response.status <= 302 && request.method === 'POST');
  if (!becomesGet) return { ...request, url };
  const next: { -readonly [K in keyof HttpRequest]: HttpRequest[K] } = { ...request, method: 'GET', url };
  delete next.body;
  return next;
}

function asHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  return new HttpError('EROUTE', `The route failed: ${String(error)}`, { cause: error });
}
