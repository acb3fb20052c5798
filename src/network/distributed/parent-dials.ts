import { PeerError, type PeerLink, type PeerNetwork } from '../peers/peer-link.ts';
import type { PossibleParent } from './tree-state.ts';

export interface ParentDialsOptions {
  readonly peers: PeerNetwork;
  /** For one attempt, milliseconds. */
  readonly timeoutMs: number;
  opened(id: number, link: PeerLink): void;
  failed(id: number, why: string): void;
}

/** Attempts to connect with possible parents. Of one that was cancelled nothing is heard any more. */
export class ParentDials {
  readonly #options: ParentDialsOptions;
  readonly #dials = new Map<number, AbortController>();

  constructor(options: ParentDialsOptions) {
    this.#options = options;
  }

  dial(id: number, { user, ip, port }: PossibleParent): void {
    const { peers, timeoutMs } = this.#options;
    const abort = new AbortController();
    this.#dials.set(id, abort);
    const address = { host: ip, port };
    const { signal } = abort;
    peers.connect(user, 'D', { priority: 'tree', address, timeoutMs, signal }).then(
      (link) => this.#opened(id, link),
      (error: unknown) => {
        if (this.#dials.delete(id)) this.#options.failed(id, reasonOf(error));
      },
    );
  }

  /** Whether there was such an attempt. */
  cancel(id: number): boolean {
    const abort = this.#dials.get(id);
    if (abort === undefined) return false;
    this.#dials.delete(id);
    abort.abort();
    return true;
  }

  #opened(id: number, link: PeerLink): void {
    const wanted = this.#dials.delete(id);
    if (link.started) {
      // Somebody else's, of the moment before: not ours to close.
      if (wanted) this.#options.failed(id, 'the connection is in use');
    } else if (wanted) this.#options.opened(id, link);
    else link.close('no longer wanted');
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof PeerError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
