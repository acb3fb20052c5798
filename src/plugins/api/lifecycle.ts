import type { Bot } from './bot.ts';

/**
 * State that a plugin carries over a reload in memory. Export it as `handover` beside the default export. What must
 * survive a crash belongs in `bot.store` instead.
 */
export interface Handover<T = unknown> {
  /** The old version: what to hand over, plain data, up to 1 MB. Called after its last handler has ended. */
  save(): T | Promise<T>;
  /** The new version, after `setup` and before its first event. If it throws, the old version stays. */
  restore(state: T): void | Promise<void>;
}

/**
 * Export it as `selfTest`: it runs after `setup` and before the plugin gets anything; if it throws, the plugin is not
 * loaded, and at a reload the old version stays. When the bot starts it is not online yet and in no room. What it says, searches and writes is held back like in `setup`.
 */
export type SelfTest = (bot: Bot) => void | Promise<void>;

/** One step up of the store's version: gets every entry, returns what it becomes; undefined deletes it. */
export type StoreMigration = (entry: StoreEntry) => StoreEntry | readonly StoreEntry[] | undefined;

export interface StoreEntry {
  readonly key: string;
  readonly value: unknown;
}

/** How a plugin's key-values are laid out. */
export interface StoreVersions {
  /** Whole number, 1 or more. Stored data of a later version is refused. */
  readonly version: number;
  /** By the version that each step leads to; steps that are not there change nothing. All of them run as one. */
  readonly migrate?: Readonly<Record<number, StoreMigration>>;
}
