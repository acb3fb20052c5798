import type { Http } from '../../../platform/http.ts';
import type { TelegramChannel } from '../channel-config.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { oneLine } from '../text/clean.ts';
import { renderText } from '../text/render.ts';
import { WHOLE } from '../text/template.ts';
import { jsonOf, outcomeOf, post, waitOf } from './http-outcome.ts';

/** Characters of a message [Telegram's documentation of sendMessage]. */
const MAX_TEXT = 4_096;

/** A chat of a Telegram bot. The text has no parse mode, so that nothing in it is markup. */
export class TelegramSender implements Sender {
  readonly #channel: TelegramChannel;
  readonly #http: Http;

  constructor(channel: TelegramChannel, http: Http) {
    this.#channel = channel;
    this.#http = http;
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Outcome> {
    const { url, token, chat, thread, timeoutMs, private: isPrivate } = this.#channel;
    const { template = WHOLE, timezone } = this.#channel;
    const text = renderText(parcel, { template, timezone, fits: (whole) => whole.length <= MAX_TEXT });
    const answer = await post(this.#http, {
      url: `${url.replace(/\/+$/u, '')}/bot${token.reveal()}/sendMessage`,
      headers: {},
      body: JSON.stringify({
        chat_id: chat,
        text,
        link_preview_options: { is_disabled: true },
        ...(thread !== undefined && { message_thread_id: thread }),
      }),
      timeoutMs,
      private: isPrivate,
      signal,
    });
    if ('how' in answer) return answer;
    const { description, parameters } = jsonOf(answer);
    const detail = typeof description === 'string' ? oneLine(description).slice(0, 200) : undefined;
    const waitMs = waitOf(
      typeof parameters === 'object' && parameters !== null && 'retry_after' in parameters
        ? parameters.retry_after
        : undefined,
    );
    return waitMs === undefined ? outcomeOf(answer, detail) : outcomeOf(answer, detail, waitMs);
  }
}
