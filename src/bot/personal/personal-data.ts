import type { Log } from '../../platform/log.ts';
import type { PersonalKeys } from '../../plugins/api/personal.ts';
import type { PersonalService } from '../../plugins/host/services.ts';
import type { JobKey } from '../store/jobs.ts';
import type { Declarations, ErasedRecord, PersonRecord } from '../store/people.ts';
import { matchFor } from './key-pattern.ts';

/** What is kept about somebody under one heading. */
export interface PersonalItem {
  /** In words for that person. */
  readonly what: string;
  readonly count: number;
  /** Names and values of some of them, cut short. */
  readonly samples: readonly string[];
}

/** What is kept about somebody by one plugin. */
export interface PluginRecord {
  readonly plugin: string;
  readonly items: readonly PersonalItem[];
  /** Why something could not be looked at. */
  readonly problems: readonly string[];
}

export interface PersonalReport {
  readonly user: string;
  readonly bot: PersonRecord;
  /** Steps of dialogs that somebody is in the middle of. */
  readonly dialogs: number;
  /** Those that keep something, or could not be asked. */
  readonly plugins: readonly PluginRecord[];
}

export interface ForgetReport {
  readonly user: string;
  readonly bot: ErasedRecord;
  readonly dialogs: number;
  readonly plugins: readonly {
    readonly plugin: string;
    readonly deleted: number;
    readonly problems: readonly string[];
  }[];
}

export interface PersonalDataOptions {
  readonly log: Log;
  readonly people: {
    declare(instance: string, keys: readonly PersonalKeys[]): Promise<void>;
    declarations(): Promise<Declarations>;
    record(user: string): Promise<PersonRecord>;
    erase(user: string): Promise<ErasedRecord>;
  };
  readonly keyValues: {
    entries(
      instance: string,
      prefix: string,
    ): Promise<readonly { readonly key: string; readonly value: unknown }[]>;
    deleteWhere(instance: string, prefix: string, wanted: (key: string) => boolean): Promise<number>;
  };
  /** Also those that are under way, or were given up and wait for a person. */
  readonly timers: {
    everyBelow(
      kind: JobKey,
      prefix: string,
    ): Promise<readonly { readonly run: string; readonly key?: string; readonly payload: unknown }[]>;
    forget(runs: readonly string[]): Promise<number>;
  };
  readonly dialogs: {
    countOf(user: string): Promise<number>;
    forget(user: string): Promise<number>;
  };
  /** Stores what waits in memory, so that it is found. */
  readonly flush: () => Promise<void>;
}

type Ask = (act: 'show' | 'forget', user: string) => Promise<unknown>;

const MAX_SAMPLES = 5;
const MAX_SAMPLE = 120;

/** Who knows what about people: what plugins declared, also those that are not loaded now, and the bot itself. */
export class PersonalData implements PersonalService {
  readonly #options: PersonalDataOptions;
  /** What was declared in this run, by instance. */
  readonly #declared = new Map<string, readonly PersonalKeys[]>();
  readonly #handlers = new Set<{ readonly instance: string; readonly what: string; readonly ask: Ask }>();
  #storing: Promise<void> = Promise.resolve();

  constructor(options: PersonalDataOptions) {
    this.#options = options;
  }

  /** Outlives the plugin: what it kept is still there when it is not. */
  declare(instance: string, keys: readonly PersonalKeys[]): () => void {
    this.#declared.set(instance, keys);
    this.#storing = this.#storing.then(async () => {
      try {
        await this.#options.people.declare(instance, keys);
      } catch (error) {
        this.#options.log.error('Which data of a plugin is about people could not be stored', {
          plugin: instance,
          error,
        });
      }
    });
    return () => {};
  }

  handle(instance: string, what: string, ask: Ask): () => void {
    const handler = { instance, what, ask };
    this.#handlers.add(handler);
    return () => void this.#handlers.delete(handler);
  }

  /** Everything that is known about somebody. @throws StoreError (as rejection). */
  async show(user: string): Promise<PersonalReport> {
    const { people, dialogs, flush } = this.#options;
    await flush();
    const plugins: PluginRecord[] = [];
    for (const instance of await this.#instances()) {
      const record = await this.#showPlugin(instance, user);
      if (record.items.length > 0 || record.problems.length > 0) plugins.push(record);
    }
    return { user, bot: await people.record(user), dialogs: await dialogs.countOf(user), plugins };
  }

  /** Deletes it, as far as docs/personal-data.md says. @throws StoreError (as rejection). */
  async forget(user: string): Promise<ForgetReport> {
    const { people, dialogs, flush } = this.#options;
    await flush();
    const plugins = [];
    // The plugins first: what they write on the way is about this person too.
    for (const instance of await this.#instances()) {
      const done = await this.#forgetPlugin(instance, user);
      if (done.deleted > 0 || done.problems.length > 0) plugins.push(done);
    }
    const ended = await dialogs.forget(user);
    await flush();
    return { user, bot: await people.erase(user), dialogs: ended, plugins };
  }

  async #instances(): Promise<string[]> {
    await this.#storing;
    const stored = await this.#options.people.declarations();
    for (const [instance, keys] of stored)
      if (!this.#declared.has(instance)) this.#declared.set(instance, keys);
    const all = [...this.#declared.keys(), ...[...this.#handlers].map(({ instance }) => instance)];
    return [...new Set(all)].sort();
  }

  async #showPlugin(plugin: string, user: string): Promise<PluginRecord> {
    const items: PersonalItem[] = [];
    const problems: string[] = [];
    for (const declared of this.#declared.get(plugin) ?? []) {
      const found = await this.#find(plugin, declared, user);
      if (found.length === 0) continue;
      const samples = found.slice(0, MAX_SAMPLES).map(({ key, value }) => sample(`${key} = ${json(value)}`));
      items.push({ what: declared.what, count: found.length, samples });
    }
    for (const { what, ask } of this.#handlersOf(plugin)) {
      try {
        const value = await ask('show', user);
        if (isNothing(value)) continue;
        items.push({
          what,
          count: Array.isArray(value) ? value.length : 1,
          samples: [sample(json(value))],
        });
      } catch (error) {
        problems.push(`${what}: ${messageOf(error)}`);
      }
    }
    return { plugin, items, problems };
  }

  async #forgetPlugin(plugin: string, user: string) {
    const { keyValues, timers } = this.#options;
    let deleted = 0;
    const problems: string[] = [];
    for (const { what, ask } of this.#handlersOf(plugin)) {
      try {
        const count = await ask('forget', user);
        if (typeof count === 'number' && Number.isFinite(count)) deleted += Math.max(0, count);
      } catch (error) {
        problems.push(`${what}: ${messageOf(error)}`);
      }
    }
    for (const { keys, timer } of this.#declared.get(plugin) ?? []) {
      const { prefix, matches } = matchFor(keys, user);
      if (timer === undefined) {
        deleted += await keyValues.deleteWhere(plugin, prefix, matches);
        continue;
      }
      const found = await timers.everyBelow({ instance: plugin, kind: 'timer', id: timer }, prefix);
      deleted += await timers.forget(found.flatMap(({ run, key = '' }) => (matches(key) ? [run] : [])));
    }
    return { plugin, deleted, problems };
  }

  async #find(
    plugin: string,
    { keys, timer }: PersonalKeys,
    user: string,
  ): Promise<readonly { readonly key: string; readonly value: unknown }[]> {
    const { keyValues, timers } = this.#options;
    const { prefix, matches } = matchFor(keys, user);
    if (timer === undefined) {
      const entries = await keyValues.entries(plugin, prefix);
      return entries.filter(({ key }) => matches(key));
    }
    const found = await timers.everyBelow({ instance: plugin, kind: 'timer', id: timer }, prefix);
    return found.flatMap(({ key = '', payload }) => (matches(key) ? [{ key, value: payload }] : []));
  }

  #handlersOf(plugin: string) {
    return [...this.#handlers].filter(({ instance }) => instance === plugin);
  }
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  if (typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

function json(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sample(text: string): string {
  return text.length <= MAX_SAMPLE ? text : `${text.slice(0, MAX_SAMPLE - 1)}…`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
