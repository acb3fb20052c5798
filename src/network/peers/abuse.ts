/** What peers do that they should not, and what we turn away; one counter each. */
export type Abuse =
  /** Accepted beyond the budget, in all or of one host: closed at once. */
  | 'too-many'
  | 'too-many-of-host'
  /** No whole init message in time. */
  | 'slow-init'
  /** Closed before its init message. */
  | 'no-init'
  /** The first frame is no init message: noise, a frame too long, a code that does not exist. */
  | 'bad-init'
  /** PeerInit with a name that cannot be one, with ours, or with a type that does not exist. */
  | 'bad-name'
  | 'own-name'
  | 'bad-type'
  /** PierceFireWall with a token that we did not give, or not any more. */
  | 'unknown-token'
  /** Claims the name of somebody whose connection is proven, from another address. */
  | 'unproven-duplicate'
  /** More connections at a time under one name than anybody needs. */
  | 'too-many-of-user'
  /** Nobody here takes connections of that type, or this one. */
  | 'unwanted'
  /** A length field below the width of a code: skipped. */
  | 'bad-length'
  /** A frame above its cap, or one of a kind that must be asked for: closed. */
  | 'too-long'
  | 'unsolicited'
  /** Too much was received in parts: the greediest was closed. */
  | 'hoarding'
  /** A message that cannot be read: dropped. */
  | 'undecodable'
  /** A compressed message that inflates beyond its cap: closed. */
  | 'bomb'
  /** A large message that came while too much waited to be inflated: dropped. */
  | 'crowded'
  /** A search response that nobody waits for: dropped unread. */
  | 'unwanted-result'
  /** Asks more often than is answered: dropped. */
  | 'too-often'
  /** Struck too many times: closed. */
  | 'struck-out'
  /** ConnectToPeer from the server that makes no sense: ignored. */
  | 'bad-invitation';

/** Counts by kind. */
export class AbuseCounters {
  readonly #counts: Partial<Record<Abuse, number>> = {};

  count(kind: Abuse): void {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }

  snapshot(): Readonly<Partial<Record<Abuse, number>>> {
    return { ...this.#counts };
  }
}
