import type { ServerRequest } from '../../protocol/index.ts';
import type { ChangeKind, Problem, TreeEffect } from './tree-events.ts';
import { branchOf, isAccepting, type PossibleParent, type TreeState } from './tree-state.ts';

/** One step in the making. */
export class Turn {
  state: TreeState;
  readonly effects: TreeEffect[] = [];

  constructor(state: TreeState) {
    this.state = state;
  }

  set(change: Partial<TreeState>): void {
    this.state = { ...this.state, ...change };
  }

  tell(...requests: readonly ServerRequest[]): void {
    for (const request of requests) this.effects.push({ type: 'tell', request });
  }

  drop(id: number, reason: string): void {
    this.effects.push({ type: 'drop', id, reason });
  }

  problem(problem: Problem): void {
    this.effects.push({ type: 'problem', problem });
  }

  note(change: ChangeKind, why: string): void {
    this.effects.push({ type: 'note', change, why });
  }

  /** AcceptChildren, if the verdict is another than the server was told. */
  tellAccept(): void {
    const accept = isAccepting(this.state);
    if (accept !== this.state.toldAccept) this.sayAccept(accept);
  }

  /** AcceptChildren in any case. */
  sayAccept(accept: boolean): void {
    this.tell({ type: 'AcceptChildren', accept });
    this.set({ toldAccept: accept });
  }

  /** Parent, root and level, in Nicotine+'s order. */
  tellPlace(): void {
    const { level, root } = branchOf(this.state);
    this.tell(
      { type: 'HaveNoParent', noParent: this.state.parent === undefined },
      { type: 'BranchRoot', ...root },
      { type: 'BranchLevel', level },
    );
  }

  /** Level and root to all children. */
  informAll(): void {
    if (this.state.children.length > 0) this.effects.push({ type: 'inform', ...branchOf(this.state) });
  }

  /** Dials all of them at once. */
  dial(parents: readonly PossibleParent[]): void {
    for (const { user, ip, port } of parents) {
      const id = this.state.nextId;
      this.set({ nextId: id + 1, candidates: [...this.state.candidates, { id, user, ip, port }] });
      this.effects.push({ type: 'dial', id, user, ip, port });
    }
  }
}
