import { lookup } from 'node:dns';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { HttpError, type HttpRequest, type HttpResponse } from '../http.ts';
import { isPublicAddress, literalAddress } from '../public-address.ts';

/** How names are looked up, and which addresses may be reached. */
export interface Guard {
  readonly lookup: LookupFunction;
  readonly allows: (address: string) => boolean;
}

/** Names as the system looks them up; the public internet only. */
export const PUBLIC: Guard = { lookup: lookup, allows: isPublicAddress };

/**
 * One request to the public internet. What counts is the address that the socket is opened to, so that a name which
 * answers differently the second time changes nothing. `fetch` has no place for such a check.
 * @throws HttpError (as rejection) `EPRIVATE`, `ETOOLARGE`, or the system's code.
 */
export function guardedExchange(
  request: HttpRequest,
  signal: AbortSignal,
  guard: Guard = PUBLIC,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const url = new URL(request.url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new HttpError('EINVAL', `${url.protocol} is neither http nor https`);
    const literal = literalAddress(url);
    if (literal !== undefined && !guard.allows(literal)) throw refused(url.hostname, literal);
    const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = open(url, {
      method: request.method,
      headers: { 'accept-encoding': 'identity', ...request.headers },
      lookup: checkedLookup(guard),
      // A connection of its own: one that is kept open was checked for another host.
      agent: false,
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => void read(response, request).then(resolve, reject));
    outgoing.end(request.body);
  });
}

/** A lookup that fails with `EPRIVATE` for a name that leads anywhere that is not allowed. */
export function checkedLookup({ lookup, allows }: Guard): LookupFunction {
  return (host, options, done) => {
    lookup(host, options, (error, found, family) => {
      if (error === null) {
        const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
        // One that is not public among others is enough: whoever set it up means no good.
        const bad = addresses.find((address) => !allows(address));
        if (bad !== undefined) {
          done(refused(host, bad), '', 0);
          return;
        }
      }
      done(error, found, family);
    });
  };
}

function refused(host: string, address: string): HttpError {
  return new HttpError('EPRIVATE', `${host} is at ${address}, which is not on the public internet`);
}

async function read(response: IncomingMessage, { maxBytes, cut }: HttpRequest): Promise<HttpResponse> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let tooLong = false;
  for await (const part of response as AsyncIterable<Uint8Array>) {
    size += part.length;
    parts.push(part);
    tooLong = size > maxBytes;
    // Leaving the loop closes the connection.
    if (tooLong) break;
  }
  if (tooLong && cut !== true)
    throw new HttpError('ETOOLARGE', `The answer is longer than ${maxBytes} bytes`);
  return {
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: Buffer.concat(parts, size).subarray(0, maxBytes),
    ...(tooLong && { cut: true as const }),
  };
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return plain;
}
