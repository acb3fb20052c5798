import type { Problem } from './tree-events.ts';
import type { Parent, PossibleParent, TreeState } from './tree-state.ts';
import type { Turn } from './tree-turn.ts';

/** Possible parents taken of one list; the server names about ten. */
const MAX_CANDIDATES = 32;

/** Lets go of parent, candidates and children, and forgets who was suggested. */
export function dropAll(turn: Turn, reason: string): void {
  const { parent, candidates, children } = turn.state;
  if (parent !== undefined) turn.drop(parent.id, reason);
  for (const { id } of candidates) turn.drop(id, reason);
  for (const { id } of children) turn.drop(id, reason);
  turn.set({ parent: undefined, candidates: [], spares: [], children: [], isRoot: false });
}

/** Users who could be our parent: not ourselves, no child, each once. */
export function usable(
  { self, children, parent }: TreeState,
  parents: readonly PossibleParent[],
): PossibleParent[] {
  const not = new Set([self, ...children.map(({ user }) => user)]);
  if (parent !== undefined) not.add(parent.user);
  const found: PossibleParent[] = [];
  for (const offer of parents) {
    if (not.has(offer.user) || offer.user === '') continue;
    if (found.push(offer) === MAX_CANDIDATES) break;
    not.add(offer.user);
  }
  return found;
}

/** Whether a dial or connection of this id is in use. */
export function holds({ parent, candidates, children }: TreeState, id: number): boolean {
  const is = (other: { readonly id: number }) => other.id === id;
  return parent?.id === id || candidates.some(is) || children.some(is);
}

/** Lets go of a connection that misbehaved, whatever it was. */
export function expel(turn: Turn, id: number, problem: Problem, why: string): void {
  turn.problem(problem);
  turn.drop(id, why);
  gone(turn, id, why);
}

/** A dial failed or a connection is gone, whatever it was. */
export function gone(turn: Turn, id: number, why: string): void {
  const { parent, candidates, children } = turn.state;
  if (parent?.id === id) {
    orphaned(turn, parent, why);
    return;
  }
  const candidate = candidates.find((other) => other.id === id);
  if (candidate !== undefined) {
    turn.set({ candidates: candidates.filter((other) => other !== candidate) });
    turn.note('candidate-dropped', `${candidate.user}: ${why}`);
    return;
  }
  const child = children.find((other) => other.id === id);
  if (child === undefined) return;
  turn.set({ children: children.filter((other) => other !== child) });
  turn.note('child-gone', `${child.user}: ${why}`);
  turn.tellAccept();
}

/**
 * The parent is lost. Children stay, and are told that their branch begins with us now: one of them that the server
 * offers us as parent can then be seen to hang off ourselves.
 */
function orphaned(turn: Turn, parent: Parent, why: string): void {
  const { spares } = turn.state;
  turn.set({ parent: undefined, spares: [] });
  turn.tellPlace();
  turn.sayAccept(false);
  turn.informAll();
  turn.note('parent-lost', `${parent.user}: ${why}`);
  turn.dial(usable(turn.state, spares));
}
