import type { AddressBook, Whereabouts } from './address-book.ts';
import type { Link } from './link.ts';

/** Asks the server for addresses in order to prove names; one question per user at a time, and a bounded number of them. */
export class Verifier {
  readonly #book: AddressBook;
  readonly #max: number;
  readonly #asked = new Map<string, Promise<Whereabouts>>();

  constructor(book: AddressBook, max: number) {
    this.#book = book;
    this.#max = max;
  }

  async verify(link: Link): Promise<boolean> {
    const { user } = link;
    let asked = this.#asked.get(user);
    if (asked === undefined) {
      if (this.#asked.size >= this.#max) return false;
      asked = this.#book.ask(user, { priority: 'ordinary' }).finally(() => this.#asked.delete(user));
      this.#asked.set(user, asked);
    }
    const where = await asked;
    // It may be waiting, known to nobody else, for this very answer.
    if (typeof where === 'object' && where.host === link.remote.host) link.verified = true;
    return link.verified;
  }
}
