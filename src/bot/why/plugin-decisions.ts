import type { Clock } from '../../platform/clock.ts';
import { PluginError } from '../../plugins/api/errors.ts';
import type { Decision } from '../../plugins/api/why.ts';
import type { WhyService } from '../../plugins/host/services.ts';
import { ChatterLimit } from '../commands/chatter-limit.ts';
import type { NoteDecision } from './decision.ts';

/** A plugin may not push everybody else's decisions out of the log. */
const LIMIT = { count: 120, withinMs: 60_000 };

/** `bot.why`. */
export class PluginDecisions implements WhyService {
  readonly #note: NoteDecision;
  readonly #limit: ChatterLimit;

  constructor(note: NoteDecision, clock: Clock) {
    this.#note = note;
    this.#limit = new ChatterLimit(clock, LIMIT.count, LIMIT.withinMs);
  }

  /** @throws PluginError (as rejection) `too-many`. */
  async note(instance: string, decision: Decision): Promise<string> {
    if (!this.#limit.take(instance))
      throw new PluginError('too-many', `bot.why: ${LIMIT.count} decisions a minute are the most`);
    return this.#note({ ...decision, source: 'plugin', plugin: instance });
  }
}
