import type { GovernorSnapshot, TrafficDrop } from './governor-types.ts';
import { MAX_PER_ORIGIN, MAX_QUEUED } from './queue-limits.ts';
import type { Job } from './queues.ts';
import type { DropCode, SendOutcome, TrafficKind } from './traffic.ts';

/** The ends of a frame that is not sent. */
export type Unsent = Exclude<SendOutcome, { state: 'sent' }>;

/** Counts frames that wait, are under way, left, or did not. */
export class Tally {
  readonly #onDrop: (drop: TrafficDrop) => void;
  /** By kind, and by kind and origin. */
  readonly #open = new Map<string, number>();
  readonly #sent: Partial<Record<TrafficKind, number>> = {};
  readonly #dropped: Partial<Record<DropCode | 'expired', number>> = {};

  constructor(onDrop: (drop: TrafficDrop) => void) {
    this.#onDrop = onDrop;
  }

  get totals(): Pick<GovernorSnapshot, 'sent' | 'dropped'> {
    return { sent: { ...this.#sent }, dropped: { ...this.#dropped } };
  }

  begin(job: Job): void {
    this.#count(job, 1);
  }

  /** The frame has left or never will. */
  finish(job: Job, outcome: SendOutcome): void {
    this.#count(job, -1);
    const { kind } = job.traffic;
    if (outcome.state === 'sent') this.sent(kind);
    else this.refused(kind, job.origin, outcome);
    job.resolve(outcome);
  }

  /** A frame left that never waited. */
  sent(kind: TrafficKind): void {
    this.#sent[kind] = (this.#sent[kind] ?? 0) + 1;
  }

  /** A frame did not get as far as a queue. */
  refused(kind: TrafficKind, origin: string, outcome: Unsent): void {
    const code = outcome.state === 'expired' ? 'expired' : outcome.code;
    this.#dropped[code] = (this.#dropped[code] ?? 0) + 1;
    this.#onDrop({ kind, origin, code, reason: outcome.reason });
  }

  /** Why another frame of this kind and origin finds no place; undefined when it does. */
  fullFor(kind: TrafficKind, origin: string): string | undefined {
    const all = this.#open.get(kind) ?? 0;
    if (all >= MAX_QUEUED[kind]) return `${all} frames of kind ${kind} are waiting already`;
    const own = this.#open.get(`${kind} ${origin}`) ?? 0;
    const full = own >= MAX_PER_ORIGIN[kind];
    return full ? `${own} frames of kind ${kind} from ${origin} are waiting already` : undefined;
  }

  #count({ traffic, origin }: Job, change: number): void {
    for (const key of [traffic.kind, `${traffic.kind} ${origin}`]) {
      const count = (this.#open.get(key) ?? 0) + change;
      if (count === 0) this.#open.delete(key);
      else this.#open.set(key, count);
    }
  }
}
