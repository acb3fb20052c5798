import type { Inbox, InboxEntry, InboxVerdict, Outbox, OutboxLine, StatePort } from './ports.ts';

/** Entries remembered for telling known private messages from new ones. */
const MAX_KNOWN = 10_000;

/** An inbox that remembers only while the process lives: after a restart the server's replays count as new. */
export class MemoryInbox implements Inbox {
  readonly #known = new Set<string>();

  async accept(entries: readonly InboxEntry[]): Promise<readonly InboxVerdict[]> {
    return entries.map(({ id, timestamp, user, text }) => {
      const key = JSON.stringify([id, timestamp, user, text]);
      if (this.#known.has(key)) return { verdict: 'known', key };
      this.#known.add(key);
      if (this.#known.size > MAX_KNOWN) this.#known.delete(this.#known.values().next().value!);
      return { verdict: 'new', key };
    });
  }
}

/** An outbox that keeps nothing: what waits when the process ends is lost. */
export class MemoryOutbox implements Outbox {
  async append(): Promise<void> {}

  async mark(): Promise<void> {}

  async recover(): Promise<readonly OutboxLine[]> {
    return [];
  }
}

/**
 * State that lives as long as the process: bans and budgets are forgotten by a restart, so a program that is
 * restarted often can get its account banned. Give a real port to anything that runs unattended.
 */
export class MemoryState implements StatePort {
  readonly #documents = new Map<string, string>();

  async load(name: string): Promise<string | undefined> {
    return this.#documents.get(name);
  }

  async save(name: string, value: string): Promise<void> {
    this.#documents.set(name, value);
  }
}
