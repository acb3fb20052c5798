import type { Http } from '../../../platform/http.ts';
import type { NtfyChannel } from '../channel-config.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { renderText } from '../text/render.ts';
import { BODY } from '../text/template.ts';
import { outcomeOf, post } from './http-outcome.ts';

/** Bytes of a message; a longer one becomes an attachment [ntfy's documentation]. */
const MAX_MESSAGE = 4_096;
/** What is urgent makes the phone ring. */
const HIGHEST = 5;

/**
 * A topic of an ntfy server. It is published as JSON, where a title may hold anything; as headers of HTTP, title, tags
 * and link would have to be encoded, and could carry headers of their own.
 */
export class NtfySender implements Sender {
  readonly #channel: NtfyChannel;
  readonly #http: Http;

  constructor(channel: NtfyChannel, http: Http) {
    this.#channel = channel;
    this.#http = http;
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Outcome> {
    const { url, topic, token, priority, tags, timeoutMs, private: isPrivate } = this.#channel;
    const { template = BODY, timezone } = this.#channel;
    const message = renderText(parcel, {
      template,
      timezone,
      fits: (text) => Buffer.byteLength(text, 'utf8') <= MAX_MESSAGE,
    });
    const answer = await post(this.#http, {
      url,
      headers: token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` },
      body: JSON.stringify({
        topic: topic.reveal(),
        // A message must not be empty.
        ...(message === '' ? { message: parcel.title } : { title: parcel.title, message }),
        priority: parcel.urgent ? HIGHEST : priority,
        ...(tags.length > 0 && { tags }),
        ...(parcel.link !== undefined && { click: parcel.link }),
      }),
      timeoutMs,
      private: isPrivate,
      signal,
    });
    return 'how' in answer ? answer : outcomeOf(answer);
  }
}
