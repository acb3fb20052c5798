import type { PeerMessaging } from '../../../network/peers/peer-messaging.ts';
import type { Clock } from '../../../platform/clock.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { UserShares } from '../../../plugins/api/people.ts';

/** Asks somebody for the list of what they share. */
export interface BrowsePort {
  browse: PeerMessaging['browse'];
}

/** Lists may be large, and their owners count how often they are asked. Milliseconds. */
const KEPT_MS = 600_000;
/** Of a failure: whoever was just out of reach may be asked again sooner. */
const FAILURE_KEPT_MS = 60_000;
const MAX_KEPT = 1_000;
/** Lists of large shares take their time. */
const TIMEOUT_MS = 120_000;

interface Kept {
  readonly until: number;
  readonly shares: Promise<UserShares>;
}

/** What people share by their own lists: counted, and the list thrown away. */
export class BrowsedShares {
  readonly #peers: BrowsePort;
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(peers: BrowsePort, clock: Clock) {
    this.#peers = peers;
    this.#clock = clock;
  }

  /** @throws PluginError `failed` (as rejection). */
  of(user: string): Promise<UserShares> {
    const now = this.#clock.monotonic();
    const known = this.#kept.get(user);
    if (known !== undefined && now < known.until) return known.shares;
    const shares = this.#browse(user);
    this.#keep(user, { until: now + KEPT_MS, shares });
    shares.catch(() => this.#keep(user, { until: this.#clock.monotonic() + FAILURE_KEPT_MS, shares }));
    return shares;
  }

  #keep(user: string, kept: Kept): void {
    this.#kept.delete(user);
    this.#kept.set(user, kept);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }

  async #browse(user: string): Promise<UserShares> {
    try {
      const { directories } = await this.#peers.browse(user, { timeoutMs: TIMEOUT_MS });
      const files = directories.flatMap((directory) => directory.files);
      const size = files.reduce((sum, file) => sum + Number(file.size), 0);
      return { user, folders: directories.length, files: files.length, size, at: this.#clock.now() };
    } catch (error) {
      throw new PluginError('failed', `the list of ${user} cannot be read: ${(error as Error).message}`);
    }
  }
}
