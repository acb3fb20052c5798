import { entry } from './entry.ts';
import type { Priority, SendOutcome, Traffic, TrafficKind } from './traffic.ts';

/** One frame on its way out. */
export interface Job {
  readonly traffic: Traffic;
  readonly priority: Priority;
  readonly origin: string;
  /** Monotonic milliseconds; infinite when it never expires. */
  readonly deadline: number;
  /** Survives the loss of a session (lines of the outbox). */
  readonly durable: boolean;
  /** While it returns false the frame waits (the room is not joined). */
  readonly gate?: () => boolean;
  /** Awaited right before the frame is written; must be durable once resolved. */
  readonly prepare?: () => Promise<void>;
  /** Undoes `prepare`: the frame was not written after all. */
  readonly unprepare?: () => void;
  readonly encode: () => Uint8Array;
  readonly signal?: AbortSignal;
  readonly resolve: (outcome: SendOutcome) => void;
  /** Not looked at before this time, monotonic milliseconds. */
  notBefore: number;
}

const ORDER: Readonly<Record<Priority, number>> = { ack: 0, moderation: 1, reply: 2, ordinary: 3, bulk: 4 };

/** Origins whose last turn is remembered; the one served longest ago is forgotten first. */
const MAX_ORIGINS = 1000;

/** How many frames of one kind and origin wait. */
export interface QueueDepth {
  readonly kind: TrafficKind;
  readonly origin: string;
  readonly count: number;
}

/** Frames with the same limits: a room, a user, a kind. */
interface Lane {
  /** By priority, then by origin: frames in order of arrival. */
  readonly rows: readonly Map<string, Job[]>[];
  size: number;
}

/**
 * Waiting frames, in a lane for each bucket, so that a full bucket holds up nobody else. Higher priorities go
 * first; within one priority the origin that was served longest ago is next.
 */
export class Queues {
  readonly #lanes = new Map<string, Lane>();
  readonly #lastTurn = new Map<string, number>();
  #turn = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @param first puts it before those of its lane, priority and origin: it had its turn already. */
  add(job: Job, first = false): void {
    const lane = entry(this.#lanes, laneOf(job.traffic), newLane);
    const jobs = entry(lane.rows[ORDER[job.priority]]!, job.origin, (): Job[] => []);
    if (first) jobs.unshift(job);
    else jobs.push(job);
    lane.size++;
    this.#size++;
  }

  /** Returns false when it is not waiting here. */
  remove(job: Job): boolean {
    const key = laneOf(job.traffic);
    const lane = this.#lanes.get(key);
    const row = lane?.rows[ORDER[job.priority]];
    const jobs = row?.get(job.origin);
    const at = jobs?.indexOf(job) ?? -1;
    if (!lane || !row || !jobs || at === -1) return false;
    jobs.splice(at, 1);
    if (jobs.length === 0) row.delete(job.origin);
    this.#size--;
    if (--lane.size === 0) this.#lanes.delete(key);
    return true;
  }

  /**
   * The next frame that may leave, taken out; undefined when all have to wait. `ready` is asked about the
   * frames at the heads of their rows.
   */
  next(ready: (job: Job) => boolean): Job | undefined {
    for (let priority = 0; priority < Object.keys(ORDER).length; priority++) {
      let best: Job | undefined;
      let bestTurn = Number.POSITIVE_INFINITY;
      for (const lane of this.#lanes.values()) {
        for (const [origin, jobs] of lane.rows[priority]!) {
          const turn = this.#lastTurn.get(origin) ?? -1;
          if (turn < bestTurn && ready(jobs[0]!)) {
            best = jobs[0];
            bestTurn = turn;
          }
        }
      }
      if (best) {
        this.remove(best);
        this.#served(best.origin);
        return best;
      }
    }
    return undefined;
  }

  /** The first frame of each row: those that `next` chooses from. */
  *heads(): Generator<Job> {
    for (const lane of this.#lanes.values())
      for (const row of lane.rows) for (const jobs of row.values()) yield jobs[0]!;
  }

  /** All waiting frames, in no particular order. */
  *[Symbol.iterator](): Iterator<Job> {
    for (const lane of this.#lanes.values())
      for (const row of lane.rows) for (const jobs of row.values()) yield* jobs;
  }

  depths(): QueueDepth[] {
    const counts = new Map<string, { kind: TrafficKind; origin: string; count: number }>();
    for (const { traffic, origin } of this) {
      const key = `${traffic.kind} ${origin}`;
      const depth = counts.get(key);
      if (depth) depth.count++;
      else counts.set(key, { kind: traffic.kind, origin, count: 1 });
    }
    return [...counts.values()];
  }

  #served(origin: string): void {
    this.#lastTurn.delete(origin);
    this.#lastTurn.set(origin, this.#turn++);
    if (this.#lastTurn.size > MAX_ORIGINS) this.#lastTurn.delete(this.#lastTurn.keys().next().value!);
  }
}

function laneOf(traffic: Traffic): string {
  if (traffic.kind === 'room-line') return `room-line ${traffic.room}`;
  if (traffic.kind === 'private-line') return `private-line ${traffic.user}`;
  return traffic.kind;
}

const newLane = (): Lane => ({ rows: Object.keys(ORDER).map(() => new Map<string, Job[]>()), size: 0 });
