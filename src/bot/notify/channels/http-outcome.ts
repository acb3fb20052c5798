import { type Http, HttpError, type HttpRequest, type HttpResponse } from '../../../platform/http.ts';
import { formatDuration } from '../../../plugins/api/duration.ts';
import type { Outcome } from '../parcel.ts';

/** Longest answer that is read, in bytes. */
const MAX_ANSWER = 65_536;
/** Longest time that another side may make us wait, in milliseconds. */
const LONGEST_WAIT_MS = 86_400_000;
/** Statuses that are about what was sent, and not about who sent it or when. */
const REFUSALS = [400, 406, 413, 414, 415, 422, 431];

/** A notice as it leaves over HTTP. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  /** Other addresses than those of the public internet are allowed. */
  readonly private: boolean;
  readonly signal: AbortSignal;
}

/** Posts it. No redirect is ever followed. @returns the response, or how it failed: without a word of the URL. */
export async function post(http: Http, posting: Posting): Promise<HttpResponse | Outcome> {
  const request: HttpRequest = {
    method: 'POST',
    url: posting.url,
    headers: { 'content-type': 'application/json', 'user-agent': 'seekeeper', ...posting.headers },
    body: posting.body,
    timeoutMs: posting.timeoutMs,
    maxBytes: MAX_ANSWER,
    redirect: 'manual',
    signal: posting.signal,
    ...(!posting.private && { publicOnly: true, cut: true }),
  };
  try {
    return await http.request(request);
  } catch (error) {
    const code = error instanceof HttpError ? error.code : 'unknown';
    return { how: 'failed', problem: FAILURES[code]?.(posting) ?? `the exchange failed (${code})` };
  }
}

const FAILURES: Readonly<Record<string, (posting: Posting) => string>> = {
  ETIMEDOUT: ({ timeoutMs }) => `no answer within ${formatDuration(timeoutMs)}`,
  EPRIVATE: () => 'its host is not on the public internet; "private: true" in the config allows that',
  ENOTFOUND: () => 'there is no host of that name',
  ECONNREFUSED: () => 'nobody listens there',
  ETOOLARGE: () => 'its answer is too long',
  ABORT_ERR: () => 'the bot is stopping',
};

/** What a status means. @param detail what the other side says about it; without secrets. */
export function outcomeOf(response: HttpResponse, detail?: string, waitMs = retryAfter(response)): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) return { how: 'told' };
  const about = detail === undefined ? '' : `: ${detail}`;
  if (status >= 300 && status < 400)
    return {
      how: 'failed',
      problem: `it redirects elsewhere (${status}), which is not followed: give the final URL`,
    };
  const problem = `it answered ${status}${about}`;
  if (REFUSALS.includes(status)) return { how: 'refused', problem };
  return { how: 'failed', problem, ...(waitMs !== undefined && { waitMs }) };
}

/** Seconds, as the other side says when to come again, in milliseconds. */
export function waitOf(seconds: unknown): number | undefined {
  const number = Number(seconds);
  if (seconds === undefined || seconds === '' || !Number.isFinite(number) || number < 0) return undefined;
  return Math.min(Math.ceil(number * 1000), LONGEST_WAIT_MS);
}

function retryAfter({ headers }: HttpResponse): number | undefined {
  return waitOf(headers['retry-after']);
}

/** The body as a map; empty when it is none. */
export function jsonOf({ body }: HttpResponse): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
