import type { Http } from '../../../platform/http.ts';
import type { DiscordChannel } from '../channel-config.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { oneLine } from '../text/clean.ts';
import { renderText } from '../text/render.ts';
import { WHOLE } from '../text/template.ts';
import { jsonOf, outcomeOf, post, waitOf } from './http-outcome.ts';

/** Characters of a message [Discord's documentation of webhooks]. */
const MAX_CONTENT = 2_000;
/** What its Markdown acts upon; a backslash before it makes it text. */
const MARKDOWN = /[\\*_~`|<>[\]()#-]/gu;

/** A webhook of a Discord channel. Nobody is mentioned, whatever the text says. */
export class DiscordSender implements Sender {
  readonly #channel: DiscordChannel;
  readonly #http: Http;

  constructor(channel: DiscordChannel, http: Http) {
    this.#channel = channel;
    this.#http = http;
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Outcome> {
    const { url, username, template = WHOLE, timezone, timeoutMs, private: isPrivate } = this.#channel;
    const content = renderText(parcel, {
      template,
      timezone,
      escape: (text) => text.replace(MARKDOWN, '\\$&'),
      fits: (text) => text.length <= MAX_CONTENT,
    });
    const answer = await post(this.#http, {
      url: confirmed(url.reveal()),
      headers: {},
      body: JSON.stringify({
        content,
        allowed_mentions: { parse: [] },
        ...(username !== undefined && { username }),
      }),
      timeoutMs,
      private: isPrivate,
      signal,
    });
    if ('how' in answer) return answer;
    const { message, retry_after: retryAfter } = jsonOf(answer);
    const detail = typeof message === 'string' ? oneLine(message).slice(0, 200) : undefined;
    const waitMs = answer.status === 429 ? waitOf(retryAfter) : undefined;
    return waitMs === undefined ? outcomeOf(answer, detail) : outcomeOf(answer, detail, waitMs);
  }
}

/** Has Discord answer only when the message was taken. */
function confirmed(webhook: string): string {
  const url = new URL(webhook);
  url.searchParams.set('wait', 'true');
  return url.href;
}
