import type { SearchError } from '../../network/search/search-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { RunOutcome } from '../../plugins/host/services.ts';
import type { NoteDecision } from '../why/decision.ts';
import type { LiveWish, Spelling } from './live-wish.ts';
import { chooseNext } from './planner/choose-next.ts';
import type { Pace } from './planner/pace.ts';
import type { Slot } from './slot.ts';
import type { TurnPlan, TurnTarget } from './turns/turn.ts';
import type { Turns } from './turns/turns.ts';

/** After a search that could not be sent, in milliseconds. */
const REST_MS = 60_000;
/** The planner's time was put right, and nobody's turn has come by it; in milliseconds. */
const MOMENT_MS = 100;
/** When the connection was the reason: it is an event when it is back. */
const OFFLINE_REST_MS = 5_000;
const OFFLINE: ReadonlySet<string> = new Set(['offline', 'banned', 'shutdown', 'cancelled']);
/** Another try would end the same way. */
const HOPELESS: ReadonlySet<string> = new Set(['not-joined', 'cancelled', 'invalid']);

export interface WishSearchesOptions {
  readonly clock: Clock;
  readonly turns: Pick<Turns, 'make'>;
  readonly slot: () => Slot;
  readonly pace: Pace;
  /** Wishes that share the slot. */
  readonly network: () => Iterable<LiveWish>;
  /** For scope `buddies`. */
  readonly buddies: readonly string[];
  readonly isLoaded: (instance: string) => boolean;
  readonly note: NoteDecision;
}

interface Asking {
  /** Those that still want it. */
  readonly wishes: LiveWish[];
  readonly aborting: AbortController;
  readonly done: Promise<SearchError | undefined>;
}

/** Makes the searches that are due: in the slot, by the calendar, and of users who come online. */
export class WishSearches {
  readonly #options: WishSearchesOptions;
  /** Searches that wait to be sent, by what they ask whom: whoever wants the same joins. */
  readonly #asking = new Map<string, Asking>();

  constructor(options: WishSearchesOptions) {
    this.#options = options;
  }

  /** Nobody wants a wish's search any more that is not sent. */
  abort(wish: LiveWish): void {
    for (const { wishes, aborting } of this.#asking.values()) {
      const place = wishes.indexOf(wish);
      if (place < 0) continue;
      wishes.splice(place, 1);
      if (wishes.length === 0) aborting.abort();
    }
  }

  /** The turn in the slot. Resolves when it was sent, or could not be. */
  async slotTurn(): Promise<void> {
    const { network, pace, slot } = this.#options;
    const decided = pace.open();
    const live = new Map([...network()].map((wish) => [wish.stored.seq, wish]));
    const candidates = [...live.values()].map((wish) => wish.candidate(pace.skew));
    const chosen = chooseNext(candidates, decided);
    const wish = chosen && live.get(chosen.seq);
    const spelling = wish && nextOf(wish);
    if (wish === undefined || spelling === undefined) {
      slot().rest(MOMENT_MS);
      return;
    }
    const error = await this.#make(wish, { kind: 'network' }, spelling, { decided });
    if (error === undefined) return;
    slot().rest(OFFLINE.has(error.code) ? OFFLINE_REST_MS : REST_MS);
  }

  /** The time of a wish has come that asks a room, a user or buddies. */
  async byCalendar(wish: LiveWish): Promise<RunOutcome> {
    const { buddies, clock, slot } = this.#options;
    const { scope = 'network' } = wish.spec;
    if (!(await slot().whenReady())) return { how: 'cut' };
    // As it stands now: it may have waited for days.
    const spelling = nextOf(wish);
    if (!this.#isActive(wish) || spelling === undefined || scope === 'network') return { how: 'done' };
    if (scope !== 'buddies') {
      const target: TurnTarget =
        'room' in scope ? { kind: 'room', room: scope.room } : { kind: 'user', user: scope.user };
      const error = await this.#make(wish, target, spelling);
      if (error === undefined || HOPELESS.has(error.code)) return { how: 'done' };
      // Above all: somebody else searched the same there a moment ago. The scheduler tries again.
      return { how: 'error', message: error.message };
    }
    const round = clock.now();
    const { compiled } = wish;
    for (const user of buddies) {
      // Each may wait for long.
      if (!this.#isActive(wish) || wish.compiled !== compiled) break;
      await this.#make(wish, { kind: 'user', user }, spelling, { round });
    }
    return { how: 'done' };
  }

  /** Somebody came online whom a wish wants to ask then. */
  online(wish: LiveWish, user: string): void {
    const spelling = wish.compiled.spellings[0];
    if (spelling === undefined || !this.#options.isLoaded(wish.stored.instance)) return;
    void this.#make(wish, { kind: 'user', user }, spelling);
  }

  #isActive(wish: LiveWish): boolean {
    const { clock, isLoaded } = this.#options;
    return wish.wanted && wish.state(clock.now()) === 'active' && isLoaded(wish.stored.instance);
  }

  async #make(
    wish: LiveWish,
    target: TurnTarget,
    spelling: Spelling,
    times: Pick<TurnPlan, 'decided' | 'round'> = {},
  ): Promise<SearchError | undefined> {
    const key = `${JSON.stringify(target)} ${spelling.key}`;
    const asked = this.#asking.get(key);
    if (asked !== undefined && !asked.aborting.signal.aborted) {
      asked.wishes.push(wish);
      return asked.done;
    }
    const aborting = new AbortController();
    const wishes = [wish];
    const plan = { target, spelling: spelling.key, text: spelling.query.text, chosen: wishes, ...times };
    const done = this.#options.turns.make(plan, aborting.signal).finally(() => {
      if (this.#asking.get(key)?.aborting === aborting) this.#asking.delete(key);
    });
    this.#asking.set(key, { wishes, aborting, done });
    const error = await done;
    if (error !== undefined && error.code !== 'cancelled') this.#note(wishes, target, error);
    return error;
  }

  #note(wishes: readonly LiveWish[], target: TurnTarget, { message }: SearchError): void {
    for (const { stored } of wishes) {
      this.#options.note({
        source: 'searches',
        what: `wish ${stored.id}`.slice(0, 64),
        reason: `${targetText(target)}: ${message}`,
        plugin: stored.instance,
      });
    }
  }
}

/** What is searched in its next turn. */
function nextOf({ compiled, stored }: LiveWish): Spelling | undefined {
  return compiled.spellings[stored.variant % Math.max(1, compiled.spellings.length)];
}

function targetText(target: TurnTarget): string {
  if (target.kind === 'network') return 'its turn';
  return target.kind === 'room' ? `the room ${target.room}` : `the user ${target.user}`;
}
