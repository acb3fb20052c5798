import type { SoulseekClient } from '../../network/client.ts';
import type { Platform } from '../../platform/platform.ts';
import type { HostServices, PluginProblem } from '../../plugins/host/services.ts';
import type { BotConfig } from '../config/config.ts';
import { OwnerNotices } from '../notify/owner-notices.ts';
import { PersonalData, type PersonalDataOptions } from '../personal/personal-data.ts';
import type { Store } from '../store/store.ts';
import { Truce } from '../truce/truce.ts';
import type { Watchers } from '../watch/watchers.ts';
import type { NoteDecision } from '../why/decision.ts';
import { DecisionLog } from '../why/decision-log.ts';
import { LineTrail } from '../why/line-trail.ts';
import { PluginDecisions } from '../why/plugin-decisions.ts';

export interface AccountsOptions {
  readonly client: SoulseekClient;
  readonly config: BotConfig;
  readonly platform: Platform;
  readonly store: Store;
  /** What the bot does for plugins; asked for when something happens. */
  readonly services: () => Pick<HostServices, 'pm'>;
  readonly dialogs: PersonalDataOptions['dialogs'];
  readonly watchers: Pick<Watchers, 'tell'>;
  readonly isOwner: (user: string) => boolean;
  readonly isCommand: (text: string, room: string | undefined) => boolean;
}

/** What of a plugin's troubles is a reason for silence, and which: the rest is for the log. */
const SILENCING: Partial<Record<PluginProblem['kind'], string>> = {
  dropped: 'hand over an event',
  timeout: 'wait for a handler',
  worker: 'run a plugin',
  quarantine: 'run a plugin',
};

/** What the bot owes people an account of: what it did not do, what it keeps about them, and what went wrong. */
export class Accounts {
  readonly decisions: DecisionLog;
  readonly why: PluginDecisions;
  readonly truce: Truce;
  readonly trail: LineTrail;
  readonly personal: PersonalData;
  readonly notices: OwnerNotices;
  readonly #client: SoulseekClient;
  readonly #watchers: Pick<Watchers, 'tell'>;
  readonly #now: () => number;

  constructor(options: AccountsOptions) {
    const { client, config, platform, store, services } = options;
    const { clock, log } = platform;
    this.#client = client;
    this.#watchers = options.watchers;
    this.#now = () => clock.now();
    this.decisions = new DecisionLog({ table: store.decisions, clock, log });
    this.why = new PluginDecisions(this.note, clock);
    this.truce = new Truce({
      clock,
      knownBots: config.truce.knownBots,
      rounds: config.truce.rounds,
      isOwner: options.isOwner,
      isCommand: options.isCommand,
    });
    this.trail = new LineTrail({
      clock,
      note: this.note,
      receipt: (id) => client.lines.receipt(id),
      sent: (_id, { instance, kind, to, addressee, text }, at) => {
        const user = kind === 'private' ? to : addressee;
        this.#watchers.tell(() => ({
          kind: 'said',
          at,
          by: instance,
          ...(kind === 'room' && { room: to }),
          ...(user !== undefined && { user }),
          text,
        }));
        if (user !== undefined) this.truce.said(user, kind === 'room' ? to : undefined, text, at);
      },
    });
    this.personal = new PersonalData({
      log,
      people: store.people,
      keyValues: store.kv,
      timers: store.timers,
      dialogs: options.dialogs,
      flush: async () => {
        await Promise.all([store.journal.flush(), this.decisions.flush()]);
      },
    });
    this.notices = new OwnerNotices({
      config: config.notify,
      owners: config.roles.owner,
      clock,
      log,
      state: store.state,
      online: () => client.state.name === 'online',
      send: (user, text) => services().pm('core', user, [text], { priority: 'ordinary' }),
    });
  }

  /** Notes a decision not to do something. @returns its id. */
  readonly note: NoteDecision = (decision) => {
    const id = this.decisions.note(decision);
    this.#watchers.tell(() => ({ kind: 'decision', at: this.#now(), id, decision }));
    return id;
  };

  /** Before anything else happens. @throws StoreError (as rejection). */
  open(): Promise<void> {
    return this.decisions.open();
  }

  /** Begins to listen. @returns undoes it. */
  listen(): () => void {
    const client = this.#client;
    const undo = [
      client.on('line', (event) => this.trail.changed(event)),
      client.on('state', ({ state, at }) => {
        if (state.name === 'banned') {
          const until = new Date(state.until).toISOString();
          this.notices.tell('ban', `The server banned me at ${new Date(at).toISOString()}, until ${until}.`);
        }
        if (state.name === 'online') this.notices.flush();
      }),
      client.on('messages.blocked', ({ blocked, reason }) => {
        if (!blocked) this.notices.flush();
        else {
          const text = `Private messages cannot be stored, and wait at the server: ${reason}`;
          this.notices.tell('store', text);
        }
      }),
    ];
    return () => {
      for (const one of undo) one();
    };
  }

  /** Something went wrong with a plugin. */
  problem({ instance, kind, where, message, at }: PluginProblem): void {
    this.#watchers.tell(() => ({ kind: 'problem', at, plugin: instance, where, message }));
    const what = SILENCING[kind];
    if (what === undefined) return;
    this.note({
      source: kind === 'dropped' ? 'events' : 'plugins',
      what,
      reason: `${where}: ${message}`,
      plugin: instance,
    });
    if (kind !== 'quarantine') return;
    this.notices.tell(
      `quarantine ${instance}`,
      `I do not start the plugin ${instance} again: ${message}. \`seekeeper plugin release ${instance}\` does.`,
    );
  }

  /** Stores what waits. Never rejects. */
  async close(): Promise<void> {
    this.trail.close();
    await this.notices.close();
    await this.decisions.close();
  }
}
