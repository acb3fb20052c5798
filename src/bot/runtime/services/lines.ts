import type { LineQueue, LineRequest } from '../../../network/lines/line-queue.ts';
import type { LineState } from '../../../network/ports.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { LineReceipt } from '../../../plugins/api/lines.ts';
import type { LineOptions } from '../../../plugins/host/services.ts';

/** What is needed of the network's queue of lines. */
export type LinesPort = Pick<LineQueue, 'queue' | 'receipt' | 'follow'>;

/** What is needed of the store: lines of earlier runs. */
export interface OutboxView {
  get(id: string): Promise<{ readonly state: LineState; readonly detail?: string } | undefined>;
}

/** A text becomes at most so many lines; see network/lines. */
const MAX_PARTS = 20;

/** In order of progress: a text of several lines is as far as the one that lags most. */
const PROGRESS: readonly LineState[] = ['queued', 'sending', 'sent', 'seen'];

/**
 * Lines of plugins. Ids that plugins get begin with the instance's, so that a plugin can ask for its own lines only,
 * also after a restart.
 */
export class LineServices {
  readonly #lines: LinesPort;
  readonly #outbox: OutboxView;
  readonly #clock: Clock;

  constructor(lines: LinesPort, outbox: OutboxView, clock: Clock) {
    this.#lines = lines;
    this.#outbox = outbox;
    this.#clock = clock;
  }

  /**
   * Each text is a line of its own. `addressee`: whose name is put before it where it would only repeat what was said.
   * Resolves once durably queued, or turned away. Rejects when it cannot be stored.
   */
  async send(
    instance: string,
    to: Pick<LineRequest, 'kind' | 'to'>,
    texts: readonly string[],
    options: LineOptions,
    addressee?: string,
  ): Promise<LineReceipt> {
    const { priority, ttlMs } = options;
    const queued = await this.#lines.queue(
      { ...to, text: texts.join('\n') },
      {
        priority,
        origin: instance,
        ...(addressee === undefined ? {} : { addressee }),
        ...(ttlMs === undefined ? {} : { expiresAt: this.#clock.now() + ttlMs }),
      },
    );
    const id = `${instance}/${queued.id}`;
    return queued.state === 'queued'
      ? { id, state: 'queued' }
      : { id, state: queued.state, detail: queued.detail };
  }

  async receipt(instance: string, id: string, wait: boolean): Promise<LineReceipt | undefined> {
    if (!id.startsWith(`${instance}/`)) return undefined;
    const line = id.slice(instance.length + 1);
    let known = this.#lines.receipt(line);
    if (known === undefined) return this.#fromStore(id, line);
    if (wait && !known.final) {
      for await (const next of this.#lines.follow(line)) known = next;
    }
    return receiptOf(id, known);
  }

  async #fromStore(id: string, line: string): Promise<LineReceipt | undefined> {
    const whole = await this.#outbox.get(line);
    if (whole !== undefined) return receiptOf(id, whole);
    let slowest: { readonly state: LineState; readonly detail?: string } | undefined;
    for (let part = 1; part <= MAX_PARTS; part += 1) {
      const record = await this.#outbox.get(`${line}.${part}`);
      if (record === undefined) break;
      if (slowest === undefined || rank(record.state) < rank(slowest.state)) slowest = record;
    }
    return slowest && receiptOf(id, slowest);
  }
}

/** What went wrong comes before everything else. */
function rank(state: LineState): number {
  return PROGRESS.indexOf(state);
}

function receiptOf(id: string, from: { readonly state: LineState; readonly detail?: string }): LineReceipt {
  return { id, state: from.state, ...(from.detail === undefined ? {} : { detail: from.detail }) };
}
