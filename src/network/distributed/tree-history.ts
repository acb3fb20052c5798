import type { ChangeKind, Problem } from './tree-events.ts';
import type { Refusal } from './tree-state.ts';

/** Something that happened to our place in the tree. */
export interface TreeChange {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly change: ChangeKind;
  /** For people. */
  readonly why: string;
}

/** What was counted since the start. */
export type TreeCount =
  | Problem
  /** Frames from parent or server that hold no search and are none of level and root: not relayed. */
  | 'ignored'
  /** Children turned away, by reason. */
  | `refused-${Refusal}`;

const KEPT = 40;

/** The last changes with their reasons, and counts of what went wrong. */
export class TreeHistory {
  readonly #changes: TreeChange[] = [];
  readonly #counts = new Map<TreeCount, number>();

  add(change: TreeChange): void {
    if (this.#changes.push(change) > KEPT) this.#changes.shift();
  }

  count(kind: TreeCount): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Oldest first. */
  get changes(): readonly TreeChange[] {
    return [...this.#changes];
  }

  get counts(): Readonly<Partial<Record<TreeCount, number>>> {
    return Object.fromEntries(this.#counts);
  }
}
