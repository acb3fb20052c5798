import { createHmac } from 'node:crypto';
import type { Http } from '../../../platform/http.ts';
import type { StoredNotice } from '../../store/notice-rows.ts';
import type { WebhookChannel } from '../channel-config.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { webLink } from '../text/clean.ts';
import { outcomeOf, post } from './http-outcome.ts';

/** A URL that takes JSON. The same parcel has the same body and id at every attempt. */
export class WebhookSender implements Sender {
  readonly #channel: WebhookChannel;
  readonly #http: Http;
  readonly #now: () => number;

  constructor(channel: WebhookChannel, http: Http, now: () => number) {
    this.#channel = channel;
    this.#http = http;
    this.#now = now;
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Outcome> {
    const { url, secret, token, timeoutMs, private: isPrivate, name } = this.#channel;
    const body = webhookBody(parcel, name);
    const timestamp = String(Math.floor(this.#now() / 1000));
    const answer = await post(this.#http, {
      url: url.reveal(),
      body,
      headers: {
        'seekeeper-notice': parcel.id,
        'seekeeper-timestamp': timestamp,
        ...(secret !== undefined && { 'seekeeper-signature': signature(secret.reveal(), timestamp, body) }),
        ...(token !== undefined && { authorization: `Bearer ${token.reveal()}` }),
      },
      timeoutMs,
      private: isPrivate,
      signal,
    });
    return 'how' in answer ? answer : outcomeOf(answer);
  }
}

/** `v1=` and the HMAC-SHA256 over the time, a dot and the body, in hexadecimal. */
export function signature(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex')}`;
}

/** What a webhook and a file of JSON lines get. */
export function webhookBody(parcel: Parcel, channel: string): string {
  const { id, title, lines, link, urgent, plugin, at, notices } = parcel;
  return JSON.stringify({
    version: 1,
    id,
    channel,
    plugin,
    at: new Date(at).toISOString(),
    urgent,
    title,
    lines,
    ...(link !== undefined && { link }),
    notices: notices.map(inBody),
  });
}

function inBody({ id, instance, madeAt, title, lines, link, data }: StoredNotice) {
  const safe = link === undefined ? undefined : webLink(link);
  return {
    id,
    plugin: instance,
    at: new Date(madeAt).toISOString(),
    title,
    lines,
    ...(safe !== undefined && { link: safe }),
    ...(data !== undefined && { data }),
  };
}
