import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { DecisionQuery, DecisionRow } from '../store/decisions.ts';
import type { NewDecision } from './decision.ts';
import { decisionId } from './decision-id.ts';

/** Decisions wait this long for others to share their write, in milliseconds. A crash loses what waits. */
const FLUSH_AFTER_MS = 1000;
/** Or until so many wait. */
const FLUSH_AT = 500;
/** While the disk refuses, the newest so many are kept. */
const MAX_WAITING = 2_000;
/** More than a crash can lose: numbers that were given out and never stored are not given out again. */
const SKIP = MAX_WAITING + FLUSH_AT;

const MAX_WHAT = 64;
const MAX_REASON = 500;
const MAX_NAME = 128;

/** Where decisions are kept. */
export interface DecisionTable {
  lastNumber(): Promise<number>;
  insert(rows: readonly DecisionRow[]): Promise<void>;
  find(query: DecisionQuery): Promise<readonly DecisionRow[]>;
}

/** A decision, as it is told. */
export type RecordedDecision = DecisionRow;

/**
 * Every decision not to answer, send or act, with its reason. Noting one costs next to nothing: they are written together,
 * once a second, and the same decision again within that second counts up instead of adding a row.
 */
export class DecisionLog {
  readonly #table: DecisionTable;
  readonly #clock: Clock;
  readonly #log: Log;
  #waiting = new Map<string, DecisionRow>();
  #last = 0;
  #timer: Timer | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #failing = false;
  #closed = false;

  constructor(options: { readonly table: DecisionTable; readonly clock: Clock; readonly log: Log }) {
    this.#table = options.table;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  /** To be called once before anything is noted. @throws StoreError (as rejection). */
  async open(): Promise<void> {
    const last = await this.#table.lastNumber();
    this.#last = Math.max(this.#last, last === 0 ? 0 : last + SKIP);
  }

  /** Notes a decision; stored within a second. Never throws. @returns its id. */
  note(decision: NewDecision): string {
    const fields = clipped(decision);
    const { about, ...same } = fields;
    const key = JSON.stringify(same);
    const known = this.#waiting.get(key);
    const at = this.#clock.now();
    if (known !== undefined) {
      this.#waiting.set(key, {
        ...known,
        at,
        times: known.times + 1,
        ...(about !== undefined && { about }),
      });
      return known.id;
    }
    const number = ++this.#last;
    const id = decisionId(number);
    this.#waiting.set(key, { ...fields, id, number, at, times: 1 });
    if (this.#waiting.size > MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value!);
    if (this.#closed) return id;
    if (this.#waiting.size === FLUSH_AT) void this.flush().catch(() => {});
    else this.#timer ??= this.#clock.setTimeout(() => void this.flush().catch(() => {}), FLUSH_AFTER_MS);
    return id;
  }

  /** The newest first, those that wait to be stored included as far as the disk takes them. */
  async find(query: DecisionQuery): Promise<readonly RecordedDecision[]> {
    await this.flush().catch(() => {});
    const rows = await this.#table.find(query);
    return rows;
  }

  /** Stores what waits; durable once resolved. @throws StoreError as rejection; it waits on then. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    const turn = this.#flushing.then(() => this.#flush());
    this.#flushing = turn.catch(() => {});
    return turn;
  }

  /** Stores what waits, as far as the disk takes it, and no timer runs any more. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush().catch(() => {});
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  async #flush(): Promise<void> {
    if (this.#waiting.size === 0) return;
    const batch = this.#waiting;
    this.#waiting = new Map();
    try {
      await this.#table.insert([...batch.values()]);
      this.#failing = false;
    } catch (error) {
      this.#waiting = new Map([...batch, ...this.#waiting].slice(-MAX_WAITING));
      if (!this.#failing) this.#log.error('Decisions cannot be stored', { error });
      this.#failing = true;
      if (!this.#closed)
        this.#timer ??= this.#clock.setTimeout(() => void this.flush().catch(() => {}), FLUSH_AFTER_MS);
      throw error;
    }
  }
}

function clipped(decision: NewDecision): NewDecision {
  const { source, what, reason, user, room, plugin, about } = decision;
  return {
    source,
    what: clip(what, MAX_WHAT),
    reason: clip(reason, MAX_REASON),
    ...(user !== undefined && { user }),
    ...(room !== undefined && { room }),
    ...(plugin !== undefined && { plugin: clip(plugin, MAX_NAME) }),
    ...(about !== undefined && { about: clip(about, MAX_NAME) }),
  };
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
