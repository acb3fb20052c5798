import type { ClientEvents } from '../../network/events.ts';
import type { Receipt } from '../../network/lines/receipts.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { NoteDecision } from './decision.ts';

/** Whose line it is, and to whom it goes. */
export interface TrailedLine {
  readonly instance: string;
  readonly kind: 'room' | 'private';
  /** Room name or user name. */
  readonly to: string;
  readonly text: string;
  /** Whom it answers in a room. */
  readonly addressee?: string;
}

/** What became of it at once. */
export interface LineResult {
  /** As the network calls it. */
  readonly id: string;
  readonly state: string;
  readonly detail?: string;
}

/** Lines under way that are remembered; nothing else bounds how long they wait. */
const MAX_LINES = 5_000;

const MAX_EARLY = 100;

/** A line that is turned away at once is heard of before whoever asked for it has said so. In milliseconds. */
const STRANGER_MS = 1_000;

export interface LineTrailOptions {
  readonly clock: Clock;
  readonly note: NoteDecision;
  readonly receipt: (id: string) => Receipt | undefined;
  /** A line left. */
  readonly sent: (id: string, line: TrailedLine, at: number) => void;
}

/** Follows lines from whoever asked for them to their end, and notes those that were not sent. */
export class LineTrail {
  readonly #options: LineTrailOptions;
  readonly #lines = new Map<string, TrailedLine>();
  /** Left before whoever asked for them has said so: when. */
  readonly #early = new Map<string, number>();
  /** Lost, and nobody said yet whose they were: turned away just now, or of an earlier run. */
  readonly #strangers = new Map<string, { readonly receipt: Receipt; readonly detail: string | undefined }>();
  #timer: Timer | undefined;

  constructor(options: LineTrailOptions) {
    this.#options = options;
  }

  /** A line was queued, or turned away at once. */
  queued(result: LineResult, line: TrailedLine): void {
    if (result.state === 'dropped') {
      this.#strangers.delete(result.id);
      this.#lost(result.id, line, result.detail);
      return;
    }
    const early = this.#early.get(result.id);
    if (early !== undefined) {
      this.#early.delete(result.id);
      this.#options.sent(result.id, line, early);
      return;
    }
    this.#lines.set(result.id, line);
    if (this.#lines.size > MAX_LINES) this.#lines.delete(this.#lines.keys().next().value!);
  }

  /** A line moved on. */
  changed({ id, state, detail, at }: ClientEvents['line']): void {
    const line = this.#lines.get(id);
    const receipt = this.#options.receipt(id);
    if (receipt?.final === true) this.#lines.delete(id);
    if (state === 'sent' && line !== undefined) this.#options.sent(id, line, at);
    else if (state === 'sent') this.#noteEarly(id, at);
    if (state !== 'dropped' && state !== 'expired') return;
    if (line !== undefined) this.#lost(id, line, detail);
    else if (receipt !== undefined) {
      this.#strangers.set(id, { receipt, detail });
      this.#timer ??= this.#options.clock.setTimeout(() => this.#sweep(), STRANGER_MS);
    }
  }

  /** No timer runs any more. */
  close(): void {
    this.#timer?.cancel();
    this.#sweep();
  }

  /** Lines of an earlier run are among them: nobody will ask for those. */
  #noteEarly(id: string, at: number): void {
    this.#early.set(id, at);
    if (this.#early.size > MAX_EARLY) this.#early.delete(this.#early.keys().next().value!);
  }

  #sweep(): void {
    this.#timer = undefined;
    for (const [id, { receipt, detail }] of this.#strangers) {
      this.#lost(id, { kind: receipt.kind, to: receipt.to }, detail ?? 'it could not be sent');
    }
    this.#strangers.clear();
  }

  #lost(
    id: string,
    line: Omit<TrailedLine, 'instance' | 'text'> & { readonly instance?: string },
    detail?: string,
  ): void {
    const { instance, kind, to, addressee } = line;
    const user = kind === 'private' ? to : addressee;
    this.#options.note({
      source: 'lines',
      what: kind === 'private' ? 'send a private line' : 'say a line',
      reason: detail ?? 'it could not be sent',
      ...(instance !== undefined && { plugin: instance }),
      ...(user !== undefined && { user }),
      ...(kind === 'room' && { room: to }),
      about: instance === undefined ? id : `${instance}/${id}`,
    });
  }
}
