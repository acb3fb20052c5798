/** Consoles that wait for the answer to a command. */
export class ConsoleSessions {
  readonly #open = new Map<string, (lines: readonly string[]) => void>();
  #count = 0;

  /** @param write takes what the command says while it runs. */
  open(write: (lines: readonly string[]) => void): { readonly id: string; close(): void } {
    this.#count += 1;
    const id = `console-${this.#count}`;
    this.#open.set(id, write);
    return { id, close: () => void this.#open.delete(id) };
  }

  /** @returns false when nobody listens any more. */
  write(session: string, lines: readonly string[]): boolean {
    const write = this.#open.get(session);
    write?.(lines);
    return write !== undefined;
  }
}
