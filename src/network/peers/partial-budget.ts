import type { Link } from './link.ts';

/** Bytes of frames that have not come completely, over all links. */
export class PartialBudget {
  readonly #limit: number;
  readonly #links: Iterable<Link>;
  #bytes = 0;

  constructor(limit: number, links: Iterable<Link>) {
    this.#limit = limit;
    this.#links = links;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** A link holds so much more or less. Above the limit the greediest goes, unproven ones first. */
  changed(holder: Link, change: number, drop: (link: Link) => void): void {
    this.#bytes += change;
    while (this.#bytes > this.#limit) {
      let greediest = holder;
      for (const link of this.#links) {
        const worse = link.verified === greediest.verified ? link.held > greediest.held : !link.verified;
        if (link.held > 0 && (greediest.held === 0 || worse)) greediest = link;
      }
      if (greediest.held === 0) return;
      drop(greediest);
    }
  }
}
