import { abortError, onAbort } from '../abort.ts';
import { type Http, HttpError, type HttpRequest, type HttpResponse } from '../http.ts';
import { guardedExchange } from './guarded-exchange.ts';

/** HTTP and HTTPS, by the fetch of Node. */
export class FetchHttp implements Http {
  async request(request: HttpRequest): Promise<HttpResponse> {
    const ending = new AbortController();
    let why: HttpError | undefined;
    const end = (error: HttpError) => {
      why ??= error;
      ending.abort();
    };
    const timer = Number.isFinite(request.timeoutMs)
      ? setTimeout(
          () => end(new HttpError('ETIMEDOUT', `No whole answer within ${request.timeoutMs} ms`)),
          Math.min(request.timeoutMs, 2 ** 31 - 1),
        )
      : undefined;
    const forgetSignal = onAbort(request.signal, () => {
      const cause = request.signal === undefined ? undefined : abortError(request.signal);
      end(new HttpError('ABORT_ERR', 'The request was aborted', { cause }));
    });
    try {
      return await (request.publicOnly === true ? guardedExchange : exchange)(request, ending.signal);
    } catch (error) {
      throw why ?? toHttpError(error);
    } finally {
      clearTimeout(timer);
      forgetSignal();
      // Also after a refused body: the rest must not go on arriving.
      ending.abort();
    }
  }
}

async function exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const init: RequestInit = { method: request.method, redirect: request.redirect ?? 'manual', signal };
  if (request.headers !== undefined) init.headers = { ...request.headers };
  if (request.body !== undefined) init.body = request.body;
  const response = await fetch(request.url, init);
  const tooLarge = () => new HttpError('ETOOLARGE', `The answer is longer than ${request.maxBytes} bytes`);
  const announced = Number(response.headers.get('content-length') ?? 0);
  // What is announced is the size on the wire, which says nothing about an encoded body.
  const isEncoded = response.headers.has('content-encoding');
  if (!isEncoded && request.method !== 'HEAD' && announced > request.maxBytes) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    for await (const part of response.body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > request.maxBytes) throw tooLarge();
      parts.push(part);
    }
  }
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: Buffer.concat(parts, size),
  };
}

/** What went wrong is in the cause (of the cause …) of fetch's own "fetch failed". */
function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string')
      return new HttpError(at.code, at.message, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new HttpError('EINVAL', message, { cause: error });
}
