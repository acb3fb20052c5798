import { toParts } from '../../../network/lines/parts.ts';
import { DEFAULT_LINE_BYTES } from '../../../network/lines/split.ts';
import type { LineReceipt } from '../../../plugins/api/lines.ts';
import type { LineOptions } from '../../../plugins/host/services.ts';
import type { StoreNotices } from '../../store/notices.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { renderText } from '../text/render.ts';
import { type Template, WHOLE } from '../text/template.ts';

/** The bot's own voice. */
export interface ChatPort {
  /** Resolves when the line is durably queued, or turned away. */
  say(
    origin: string,
    place: { readonly kind: 'room' | 'private'; readonly to: string },
    text: string,
    options: LineOptions,
  ): Promise<LineReceipt>;
  /** Whether something may be said in the room, or with `undefined` to people. */
  canSay(room: string | undefined): true | string;
  readonly now: () => number;
}

export interface ChatOptions {
  readonly chat: ChatPort;
  readonly notices: Pick<StoreNotices, 'beginLines' | 'noteLines' | 'linesSince'>;
  readonly place: { readonly kind: 'room' | 'private'; readonly to: string };
  /** Under this name the lines are in the outbox; nobody else uses it. */
  readonly origin: string;
  readonly maxLines: number;
  readonly timezone: string;
  readonly template?: Template;
}

/**
 * Lines to a person or a room. Before they are put into the outbox it is noted what is there, so that after a crash the
 * outbox tells how many of them got there: none is lost and none is said twice.
 */
export class ChatSender implements Sender {
  readonly #options: ChatOptions;

  constructor(options: ChatOptions) {
    this.#options = options;
  }

  available(): true | string {
    const { chat, place } = this.#options;
    return chat.canSay(place.kind === 'room' ? place.to : undefined);
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Outcome> {
    const { chat, notices, place, origin } = this.#options;
    const lines = chatLines(parcel, this.#options);
    const [first] = parcel.notices;
    // A test is not in the store.
    const stored = first.seq > 0;
    let { part } = first;
    if (first.mark !== undefined) {
      // The last attempt began; how far it came is what the outbox knows of it.
      part += await notices.linesSince({ ...place, origin }, first.mark);
      await notices.noteLines(parcel.notices, part);
    }
    if (part >= lines.length) return { how: 'told' };
    if (signal.aborted) return { how: 'failed', problem: 'the bot is stopping' };
    if (stored) await notices.beginLines(parcel.notices);
    const { state, detail } = await chat.say(origin, place, lines.slice(part).join('\n'), {
      priority: place.kind === 'room' && !parcel.urgent ? 'bulk' : 'ordinary',
      ttlMs: Math.max(1, Math.max(...parcel.notices.map(({ expiresAt }) => expiresAt)) - chat.now()),
    });
    if (state !== 'dropped') return { how: 'told' };
    return { how: 'failed', problem: detail ?? 'the line was turned away' };
  }
}

/** The lines that are said, each short enough for one message. */
export function chatLines(
  parcel: Parcel,
  { maxLines, timezone, template = WHOLE }: Pick<ChatOptions, 'maxLines' | 'timezone' | 'template'>,
): readonly string[] {
  const split = (text: string) => toParts(text, DEFAULT_LINE_BYTES);
  const fits = (text: string) => split(text).length <= maxLines;
  return split(renderText(parcel, { template, timezone, fits }));
}
