/** A port of ours that a gateway passes on. */
export interface Mapping {
  readonly internalPort: number;
  readonly externalPort: number;
  /** Seconds; 0: for good. */
  readonly lifetime: number;
  /** As the gateway said; absent when it did not. */
  readonly externalIp?: string;
}

/** Why a gateway gives no mapping. `silent`: nobody answered. `refused`: it said no. `conflict`: somebody else has that port. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  readonly code: 'silent' | 'refused' | 'conflict' | 'malformed' | 'unsupported';

  constructor(code: MappingError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** One way to ask a gateway. */
export interface MappingWay {
  /** For people: `PCP`, `NAT-PMP`, `UPnP`. */
  readonly name: string;
  /**
   * Asks for a TCP port, or renews it. @param external the port that is wanted outside
   * @throws MappingError (as rejection)
   */
  map(internal: number, external: number, lifetime: number): Promise<Mapping>;
  /** Takes it back. Never rejects: a gateway that has forgotten it is none the worse. */
  unmap(mapping: Mapping): Promise<void>;
}
