import type { SoulseekClient } from '../../network/client.ts';
import type { StatePort } from '../../network/ports.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { formatDuration } from '../../plugins/api/duration.ts';
import type { Role } from '../../plugins/api/people.ts';
import type { HostServices } from '../../plugins/host/services.ts';
import type { BotConfig } from '../config/config.ts';
import type { CaseBook } from '../store/cases.ts';
import type { NoteDecision } from '../why/decision.ts';
import { backTest } from './back-test/back-test.ts';
import { Appeals } from './cases/appeals.ts';
import { CaseDesk } from './cases/case-desk.ts';
import { CaseServices } from './cases/case-services.ts';
import { FromRules } from './cases/from-rules.ts';
import { Merged } from './cases/merged.ts';
import { Suggestions } from './cases/suggestions.ts';
import { TakeBack } from './cases/take-back.ts';
import { Actions } from './consequences/actions.ts';
import { Caps } from './consequences/caps.ts';
import { Effects } from './consequences/effects.ts';
import { Enactor } from './consequences/enactor.ts';
import { Ignored } from './consequences/ignored.ts';
import { KillSwitch } from './consequences/kill-switch.ts';
import { removalsBefore } from './consequences/removals.ts';
import type { MembersPort } from './members-port.ts';
import { People } from './people.ts';
import { PowerBook } from './power/power-book.ts';
import { Judge } from './rules/judge.ts';
import { Memories, type PastEvents } from './rules/memories.ts';
import { Proposals } from './rules/proposals.ts';
import { RuleBook } from './rules/rule-book.ts';
import { Settings } from './rules/settings.ts';
import { Trust } from './rules/trust.ts';
import { Voice } from './voice.ts';

export interface ModerationOptions {
  readonly config: Pick<BotConfig, 'moderation' | 'roles' | 'rooms'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly client: Pick<SoulseekClient, 'username' | 'state' | 'rooms' | 'on'>;
  readonly store: {
    readonly cases: CaseBook;
    readonly state: StatePort;
    readonly journal: PastEvents;
  };
  /** Roles that the config gives. */
  readonly rolesOf: (user: string) => ReadonlySet<Role>;
  /** Asked for when something is to be said. */
  readonly services: () => Pick<HostServices, 'say' | 'pm' | 'notices'>;
  readonly members: () => MembersPort;
  readonly note: NoteDecision;
  /** Tells the owners what goes wrong. */
  readonly owners: (subject: string, text: string) => void;
}

/** What the engine is made of, and who talks to whom. */
export class ModerationParts {
  readonly settings: Settings;
  readonly people: People;
  readonly power: PowerBook;
  readonly rules = new RuleBook();
  readonly actions = new Actions();
  readonly ignored: Ignored;
  readonly caps: Caps;
  readonly kill: KillSwitch;
  readonly voice: Voice;
  readonly memories: Memories;
  readonly trust: Trust;
  readonly proposals: Proposals;
  readonly enactor: Enactor;
  readonly suggestions: Suggestions;
  readonly desk: CaseDesk;
  readonly takeBack: TakeBack;
  readonly judge: Judge;
  readonly cases: CaseServices;

  constructor(options: ModerationOptions) {
    const { config, clock, log, client, store, rolesOf, services, members } = options;
    const { moderation } = config;
    const self = client.username;
    const book = store.cases;
    const { rules, actions } = this;
    const settings = new Settings(moderation);
    const people = new People({ self, roles: config.roles, moderation, rolesOf });
    const power = new PowerBook(client);
    const kill = new KillSwitch(store.state);
    const caps = new Caps(moderation.caps);
    const ignored = new Ignored(clock);
    const voice = new Voice({ services, staff: moderation.staff, names: () => people.staff });
    const memories = new Memories({ self, clock, log, journal: store.journal });
    const effects = new Effects({
      actions,
      ignored,
      members,
      power,
      voice,
      clock,
      wasQueued: (origin) => book.wasQueued(origin),
      removals: (of) => removalsBefore(book, of, clock.now()),
    });
    const enactor = new Enactor({ clock, log, book, effects, people, power, kill });
    const patienceMs = moderation.suggestMs;
    const suggestions = new Suggestions({ clock, log, book, enactor, kill, caps, voice, patienceMs });
    const desk = new CaseDesk({ book, enactor, kill, caps, suggestions });
    const takeBack = new TakeBack({ clock, log, book, effects });
    const trust = new Trust({
      log,
      book,
      rules,
      settings,
      lost: (rule, overturned, of) =>
        voice.staff({
          key: `distrust-${rule}-${clock.now()}`,
          title: `${rule} is in shadow again: ${overturned} of its last ${of} cases were overturned`,
          urgent: true,
        }),
    });
    const rooms = config.rooms.map(({ name }) => name);
    this.proposals = new Proposals({
      clock,
      log,
      state: store.state,
      rules,
      settings,
      rooms,
      test: (tested, since) =>
        backTest({ self, config, entries: store.journal.each({}), rules: tested, actions, since }),
      tell: (notice) => voice.staff(notice),
    });
    const merged = new Merged(clock, book);
    const fromRules = new FromRules({ book, desk, merged, settings, power, actions });
    this.judge = new Judge({
      clock,
      log,
      rules,
      memories,
      people,
      settings,
      decide: (objections, of, lines) => fromRules.decide(objections, of, lines),
      benched: (rule, why, ms) => {
        const reason = `${why}; it is not asked for ${formatDuration(ms)}`;
        options.note({ source: 'moderation', what: `ask the rule ${rule}`, reason });
        options.owners(`rule ${rule}`, `The rule ${rule} fails: ${reason}.`);
      },
    });
    this.cases = new CaseServices({
      self,
      clock,
      book,
      desk,
      suggestions,
      takeBack,
      appeals: new Appeals({ clock, book, takeBack, trust, voice }),
      enactor,
      kill,
      people,
      power,
      settings,
      rules,
      actions,
      journal: store.journal,
      rooms,
    });
    this.takeBack = takeBack;
    this.settings = settings;
    this.people = people;
    this.power = power;
    this.kill = kill;
    this.caps = caps;
    this.ignored = ignored;
    this.voice = voice;
    this.memories = memories;
    this.trust = trust;
    this.enactor = enactor;
    this.suggestions = suggestions;
    this.desk = desk;
  }
}
