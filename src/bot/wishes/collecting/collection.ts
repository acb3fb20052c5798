import type { SearchHit } from '../../../plugins/api/search.ts';

/** A result that passed and waits to be looked at. */
export interface Waiting {
  readonly hit: SearchHit;
  /** Its turn was late. */
  readonly late: boolean;
  /** When its owner was asked the same before, milliseconds since the epoch; absent: never. */
  readonly askedBefore?: number | undefined;
}

/** Bounds of what one turn may find. */
interface Bounds {
  readonly perUser: number;
  readonly perWish: number;
}

/** Places for finds. They are taken for good when the finds are kept. */
interface Places {
  /** @returns false when there is none left for this user. */
  take(user: string): boolean;
  keep(): void;
}

/** What one wish collects. */
export class Collection {
  #waiting: Waiting[] = [];
  /** Names of files of what waits, by user and folder. */
  readonly #folders = new Map<string, Set<string>>();
  /** Finds of this turn by user. */
  readonly #taken = new Map<string, number>();
  #finds = 0;
  /** How often everything was cleared away. */
  #cleared = 0;
  /** Something was counted that is not stored. */
  dirty = false;

  /** Results that wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Changes when nothing of it is wanted any more. */
  get cleared(): number {
    return this.#cleared;
  }

  /** Finds of this turn. */
  get finds(): number {
    return this.#finds;
  }

  /** Another turn begins: its bounds begin anew, what waits stays. */
  begin(): void {
    this.#taken.clear();
    this.#finds = 0;
  }

  /** @returns false when it waits already: some users answer twice. */
  add(one: Waiting): boolean {
    if (this.#folders.get(folderOf(one.hit))?.has(one.hit.name) === true) return false;
    this.#file(one);
    this.#waiting.push(one);
    return true;
  }

  /** Takes out the first of what waits. */
  take(most: number): Waiting[] {
    const taken = this.#waiting.slice(0, most);
    this.#waiting = this.#waiting.slice(most);
    return taken;
  }

  /** What was taken could not be looked at: it is the first again. */
  putBack(taken: readonly Waiting[]): void {
    for (const one of taken) this.#file(one);
    this.#waiting = [...taken, ...this.#waiting];
  }

  /** What was taken has been looked at. */
  settled(): void {
    // Nothing is kept of what is over: hundreds of wishes collect at a time.
    if (this.#waiting.length === 0) this.#folders.clear();
  }

  /** Files of a hit's folder that passed and were looked at together. */
  folderFiles(hit: SearchHit): number {
    return this.#folders.get(folderOf(hit))?.size ?? 1;
  }

  /** The places that are left in this turn. @param most of them at most */
  places({ perUser, perWish }: Bounds, most: number): Places {
    let left = Math.min(most, perWish - this.#finds);
    const users = new Map<string, number>();
    return {
      take: (user) => {
        const own = users.get(user) ?? 0;
        if (left <= 0 || own + (this.#taken.get(user) ?? 0) >= perUser) return false;
        left--;
        users.set(user, own + 1);
        return true;
      },
      keep: () => {
        for (const [user, count] of users) {
          this.#finds += count;
          this.#taken.set(user, (this.#taken.get(user) ?? 0) + count);
        }
      },
    };
  }

  /** Nothing of it is wanted any more. */
  clear(): void {
    this.#waiting = [];
    this.#folders.clear();
    this.#cleared++;
  }

  #file({ hit }: Waiting): void {
    const folder = folderOf(hit);
    this.#folders.set(folder, (this.#folders.get(folder) ?? new Set()).add(hit.name));
  }
}

const folderOf = ({ user, folder }: SearchHit): string => `${user}\n${folder}`;
