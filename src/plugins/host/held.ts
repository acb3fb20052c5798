import type { AnyEvent } from '../api/events.ts';
import type { CommandCall, CommandResult, DispatchOutcome } from './types.ts';
import { cancel, NOT_WANTED, type Waiting } from './waiting.ts';

/** Who takes events and commands. */
export interface Taker {
  offer(event: AnyEvent): Promise<DispatchOutcome> | undefined;
  command(name: string, call: CommandCall): Promise<CommandResult>;
}

/** Events and commands of one plugin that wait until it is settled which version gets them. Bounded; in order. */
export class Held implements Taker {
  readonly #limit: number;
  readonly #dropped: (what: string, limit: number) => void;
  readonly #wants: (event: AnyEvent) => boolean;
  #waiting: Waiting[] = [];

  /** @param wants events that it takes; the others have no handler */
  constructor(
    limit: number,
    dropped: (what: string, limit: number) => void,
    wants: (event: AnyEvent) => boolean = () => true,
  ) {
    this.#limit = limit;
    this.#wants = wants;
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Puts what came earlier in front. */
  putBefore(earlier: readonly Waiting[]): void {
    this.#waiting = [...earlier, ...this.#waiting];
  }

  offer(event: AnyEvent): Promise<DispatchOutcome> | undefined {
    if (!this.#wants(event)) return undefined;
    if (this.#waiting.length >= this.#limit && event.type !== 'private.message') {
      this.#dropped(event.type, this.#limit);
      return Promise.resolve({ ...NOT_WANTED, dropped: 1 });
    }
    return new Promise((settle) => this.#waiting.push({ kind: 'event', event, settle }));
  }

  command(name: string, call: CommandCall): Promise<CommandResult> {
    if (this.#waiting.length >= this.#limit && call.source !== 'private') {
      this.#dropped(`!${name}`, this.#limit);
      return Promise.resolve({ state: 'busy' });
    }
    return new Promise((settle) => this.#waiting.push({ kind: 'command', name, call, settle }));
  }

  /** Gives everything to whoever is to have it, in order. */
  giveTo(taker: Taker): void {
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.kind === 'command') void taker.command(waiting.name, waiting.call).then(waiting.settle);
      else {
        const outcome = taker.offer(waiting.event);
        if (outcome === undefined) waiting.settle(NOT_WANTED);
        else void outcome.then(waiting.settle);
      }
    }
  }

  /** Nobody will have it. */
  cancel(): void {
    for (const waiting of this.#waiting.splice(0)) cancel(waiting);
  }
}
