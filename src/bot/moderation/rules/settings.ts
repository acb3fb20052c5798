import type { ModerationMode } from '../../../plugins/api/cases.ts';
import type { ModerationConfig, ModeSetting, RuleModeration } from '../../config/moderation-config.ts';
import type { Decay } from '../ladder/account.ts';
import { cautious } from '../ladder/account.ts';
import type { Ladder } from '../ladder/ladder.ts';

/** What the config says for a rule in a room. */
export type RuleSettings = RuleModeration & { readonly mode: ModeSetting };

/** Reads what holds for a room and a rule out of the config. */
export class Settings {
  readonly config: ModerationConfig;
  /** Rules whose appeals brought them back to shadow. */
  readonly #distrusted = new Set<string>();

  constructor(config: ModerationConfig) {
    this.config = config;
  }

  ladder(room: string): Ladder {
    return this.#room(room)?.ladder ?? this.config.ladder;
  }

  decay(room: string): Decay | undefined {
    const here = this.#room(room)?.decay;
    return here === undefined ? this.config.decay : (here ?? undefined);
  }

  /** The most that any rule may do in a room. */
  ceiling(room: string): ModeSetting {
    return cautious(this.config.mode, this.#room(room)?.mode ?? 'live');
  }

  /**
   * The more special word counts: what `rooms.R.rules` says before `rules`, that before `new-rules`; and nothing goes beyond
   * what the bot and the room may do.
   */
  rule(name: string, room: string): RuleSettings {
    const usual = own(this.config.rules, name);
    const here = own(this.#room(room)?.rules, name);
    const said = here?.mode ?? usual?.mode ?? this.config.newRules;
    const trusted = this.#distrusted.has(name) ? cautious<ModeSetting>(said, 'shadow') : said;
    return { ...usual, ...here, mode: cautious(trusted, this.ceiling(room)) };
  }

  /** @returns whether that is news. */
  distrust(name: string, distrusted: boolean): boolean {
    if (this.#distrusted.has(name) === distrusted) return false;
    if (distrusted) this.#distrusted.add(name);
    else this.#distrusted.delete(name);
    return true;
  }

  isDistrusted(name: string): boolean {
    return this.#distrusted.has(name);
  }

  #room(name: string) {
    return own(this.config.rooms, name);
  }
}

/** Rooms and rules may be called like what every object has. */
function own<T>(of: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined;
}

/** The mode of what is written down. */
export function modeOf(setting: ModeSetting): ModerationMode | undefined {
  return setting === 'off' ? undefined : setting;
}
