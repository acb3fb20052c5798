import type { LineState, Outbox, OutboxLine } from '../../network/ports.ts';

/**
 * An outbox that knows which lines are of this run. Plugins are set up before the network takes up what an earlier run
 * left, and what they say meanwhile must not be taken up as well: it is in the queue already.
 */
export class FreshOutbox implements Outbox {
  readonly #inner: Outbox;
  readonly #fresh = new Set<string>();
  #recovered = false;

  constructor(inner: Outbox) {
    this.#inner = inner;
  }

  async append(line: OutboxLine): Promise<void> {
    if (!this.#recovered) this.#fresh.add(line.id);
    await this.#inner.append(line);
  }

  mark(id: string, state: LineState, detail?: string): Promise<void> {
    return this.#inner.mark(id, state, detail);
  }

  async recover(): Promise<readonly OutboxLine[]> {
    const lines = await this.#inner.recover();
    this.#recovered = true;
    return lines.filter((line) => !this.#fresh.has(line.id));
  }
}
