import type { Clock } from '../../platform/clock.ts';
import { PluginError } from '../api/errors.ts';
import type { Need } from '../api/needs.ts';
import type { Budgets } from './budget.ts';
import { CallGate } from './call-gate.ts';
import { HOST_CALLS, onlyLooks } from './host-calls.ts';
import { HostSearches } from './host-searches.ts';
import type { ProvidedServices } from './provided-services.ts';
import type { ReplyTokens } from './reply-tokens.ts';
import type { HostServices } from './services.ts';
import type { HostLimits } from './types.ts';
import { HostWeb } from './web.ts';
import type { FromPlugin, ToPlugin } from './wire.ts';
import { toWireError, type WireError } from './wire-error.ts';

/** What a desk works with. */
export interface CallDeskParts {
  readonly id: string;
  readonly clock: Clock;
  readonly services: HostServices;
  readonly provided: ProvidedServices;
  readonly limits: HostLimits;
  readonly tokens: ReplyTokens;
  readonly budgets: Budgets;
  readonly privateHosts: readonly string[];
  /** What it does to the world waits, until `release`. */
  readonly staged: boolean;
  /** @throws PluginError `need-missing`. */
  readonly require: (need: Need, what: string) => void;
}

/** Where one plugin's calls to the host are checked and done. */
export class CallDesk {
  readonly #parts: CallDeskParts;
  readonly #gate: CallGate;
  readonly #searches: HostSearches;
  readonly #web: HostWeb;
  #calls = 0;

  constructor(parts: CallDeskParts) {
    const { id, services, clock, limits, privateHosts } = parts;
    this.#parts = parts;
    this.#gate = new CallGate(Math.ceil(limits.calls / 2));
    if (parts.staged) this.#gate.close();
    this.#searches = new HostSearches(id, services.search, limits.searches);
    this.#web = new HostWeb(services.http, () => clock.monotonic(), privateHosts);
  }

  /** Calls under way. */
  get calls(): number {
    return this.#calls;
  }

  /** Searches under way, or not read to their end. */
  get searches(): number {
    return this.#searches.size;
  }

  /** Calls that wait for the takeover, by method. */
  get held(): readonly string[] {
    return this.#gate.waiting;
  }

  /** From now on what it does to the world waits. */
  hold(): void {
    this.#gate.close();
  }

  /** What it wanted to do meanwhile happens now. */
  release(): void {
    this.#gate.open();
  }

  /** Ends its searches and requests. What waits is rejected; what does not, `onDispose` may still do. */
  close(reason: string): void {
    this.#gate.refuseIfClosed(new PluginError('unloaded', `the plugin is being unloaded: ${reason}`));
    this.#searches.close();
    this.#web.close();
  }

  /** Does what a call asks for. @returns the answer; never rejects. */
  async serve({ call, method, args, within }: Extract<FromPlugin, { t: 'call' }>): Promise<ToPlugin> {
    const { id, services, tokens, provided, limits, clock, budgets, require } = this.#parts;
    this.#calls++;
    const goOn = budgets.pause(within);
    try {
      // The runner waits by itself; this holds when it does not.
      if (this.#calls > limits.calls + limits.waits)
        throw new PluginError('too-many', `${method}: too many calls at once`);
      const run = HOST_CALLS.get(method);
      if (run === undefined) throw new PluginError('invalid', `the host knows no ${method}`);
      const held = onlyLooks(method, args) ? undefined : this.#gate.pass(method);
      if (held !== undefined) await held;
      const value = await run(
        {
          id,
          services,
          tokens,
          searches: this.#searches,
          web: this.#web,
          provided,
          require,
          now: () => clock.monotonic(),
        },
        args,
      );
      return { t: 'return', call, value };
    } catch (error) {
      const { code, message } = toWireError(error);
      // Without its stack, which is ours and no business of the plugin.
      const wire: WireError = { message, ...(code === undefined ? {} : { code }) };
      return { t: 'raise', call, error: wire };
    } finally {
      this.#calls--;
      goOn();
    }
  }
}
