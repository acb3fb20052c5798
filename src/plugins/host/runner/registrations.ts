import type { Registration } from '../../api/bot.ts';
import type { CommandDefinition } from '../../api/command.ts';
import type { PluginError } from '../../api/errors.ts';
import type { AnyEvent, Reply } from '../../api/events.ts';
import type { BatchHandler, BatchName, SearchAnswerer } from '../../api/search.ts';
import type { WireRegistration } from '../wire.ts';
import { fromWireError, type WireError } from '../wire-error.ts';
import type { Scope } from './scope.ts';

/** The code behind a registration: what the host calls by number. */
export type Code =
  | { readonly kind: 'event'; readonly handler: (event: AnyEvent) => unknown }
  | { readonly kind: 'command'; readonly command: CommandDefinition }
  | { readonly kind: 'batch'; readonly handler: BatchHandler<BatchName> }
  | { readonly kind: 'answerer'; readonly answerer: SearchAnswerer }
  /** @param reply present when the host gave it a place to answer to */
  | { readonly kind: 'run'; readonly run: (input: unknown, reply: Reply | undefined) => unknown }
  | { readonly kind: 'none' };

interface Entry {
  readonly code: Code;
  readonly accept: () => void;
  readonly refuse: (error: PluginError) => void;
  readonly undo: () => unknown;
}

/** What this plugin registered with the host, by number. */
export class Registrations {
  readonly #scope: Scope;
  readonly #post: (
    message: { t: 'reg'; reg: number; what: WireRegistration } | { t: 'unreg'; reg: number },
  ) => void;
  readonly #entries = new Map<number, Entry>();
  readonly #unanswered = new Set<Promise<void>>();
  #refusal: PluginError | undefined;
  #next = 1;

  constructor(
    scope: Scope,
    post: (message: { t: 'reg'; reg: number; what: WireRegistration } | { t: 'unreg'; reg: number }) => void,
  ) {
    this.#scope = scope;
    this.#post = post;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @throws PluginError `unloaded`, `not-plain`, `too-large`. */
  add(name: string, what: WireRegistration, code: Code): Registration {
    this.#scope.assertOpen(name);
    const reg = this.#next++;
    this.#post({ t: 'reg', reg, what });
    const undo = this.#scope.own(name, () => {
      const entry = this.#entries.get(reg);
      if (entry === undefined) return;
      this.#entries.delete(reg);
      // Whoever ended it does not wait for it any more.
      entry.accept();
      this.#post({ t: 'unreg', reg });
    });
    const ready = new Promise<void>((accept, refuse) =>
      this.#entries.set(reg, { code, accept, refuse, undo }),
    );
    this.#unanswered.add(ready);
    const answered = () => void this.#unanswered.delete(ready);
    // Whoever wants to know awaits `ready`; the host reports a refusal in any case.
    ready.then(answered, answered);
    return makeRegistration(undo, ready);
  }

  find(reg: number): Code | undefined {
    return this.#entries.get(reg)?.code;
  }

  accepted(reg: number): void {
    this.#entries.get(reg)?.accept();
  }

  refused(reg: number, error: WireError): void {
    const entry = this.#entries.get(reg);
    if (entry === undefined) return;
    this.#entries.delete(reg);
    entry.undo();
    const refusal = fromWireError(error);
    this.#refusal ??= refusal;
    entry.refuse(refusal);
  }

  /** Resolves when the host has answered all of them. @throws PluginError (as rejection) the first refusal so far. */
  async allAccepted(): Promise<void> {
    while (this.#unanswered.size > 0) await Promise.allSettled(this.#unanswered);
    if (this.#refusal !== undefined) throw this.#refusal;
  }
}

/** A registration as plugins hold it. */
export function makeRegistration(undo: () => unknown, ready: Promise<void>): Registration {
  const dispose = () => void undo();
  return Object.freeze({ dispose, ready, [Symbol.dispose]: dispose });
}
