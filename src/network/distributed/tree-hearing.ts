import type { Problem, TreeEvent } from './tree-events.ts';
import { expel } from './tree-losses.ts';
import {
  type Branch,
  branchOf,
  type Candidate,
  isAccepting,
  type Parent,
  type RootName,
} from './tree-state.ts';
import type { Turn } from './tree-turn.ts';

/** What a `D` connection may say to us. */
type Speech = Extract<TreeEvent, { type: 'level' | 'root' | 'search' }>;

/** Our level is one more and must still fit an i32. */
const MAX_LEVEL = 2 ** 31 - 2;

/** Longest name that is taken for one, as for PeerInit [Nicotine+]. */
const MAX_NAME = 256;

/** Level, root and searches, by who says them: candidates, the parent, or somebody who should not. */
export function heard(turn: Turn, event: Speech): void {
  const { parent, candidates, children } = turn.state;
  const { id } = event;
  const candidate = candidates.find((other) => other.id === id);
  if (candidate !== undefined) fromCandidate(turn, candidate, event);
  else if (parent?.id === id) fromParent(turn, parent, event);
  else if (children.some((child) => child.id === id)) {
    expel(turn, id, 'intruder', 'it speaks to us like a parent, but is not ours');
  }
}

/** What the sender's branch is after the event; or why its level or root cannot be. */
function updated(
  self: string,
  sender: { readonly user: string; readonly level?: number; readonly root?: RootName },
  event: Exclude<Speech, { type: 'search' }>,
): Partial<Branch> | Extract<Problem, 'bad-level' | 'bad-root' | 'loop'> {
  let { level, root } = sender;
  if (event.type === 'level') {
    if (event.level < 0 || event.level > MAX_LEVEL) return 'bad-level';
    level = event.level;
    // Old clients say no more when they are roots.
    if (level === 0) root = { username: sender.user };
  } else {
    const { username } = event.root;
    if (username === '' || username.length > MAX_NAME) return 'bad-root';
    root = event.root;
  }
  if (root?.username === self) return 'loop';
  return { ...(level !== undefined && { level }), ...(root !== undefined && { root }) };
}

const FAULTS = {
  'bad-level': 'it says an impossible level',
  'bad-root': 'it says an impossible root',
  loop: 'its branch hangs off ourselves',
} as const;

function fromCandidate(turn: Turn, candidate: Candidate, event: Speech): void {
  if (event.type === 'search') {
    const { level, root } = candidate;
    // Only a search shows that the branch is alive.
    if (level !== undefined && root !== undefined) adopt(turn, candidate, { level, root });
    return;
  }
  const branch = updated(turn.state.self, candidate, event);
  if (typeof branch === 'string') {
    expel(turn, candidate.id, branch, FAULTS[branch]);
    return;
  }
  turn.set({
    candidates: turn.state.candidates.map((other) =>
      other === candidate ? { ...candidate, ...branch } : other,
    ),
  });
}

function adopt(turn: Turn, { id, user }: Candidate, branch: Branch): void {
  const others = turn.state.candidates.filter((other) => other.id !== id);
  for (const other of others) turn.drop(other.id, 'another parent was faster');
  turn.set({
    parent: { id, user, ...branch },
    candidates: [],
    spares: others.map((other) => ({ user: other.user, ip: other.ip, port: other.port })),
    isRoot: false,
  });
  turn.tellPlace();
  const accept = isAccepting(turn.state);
  if (accept || turn.state.toldAccept) turn.sayAccept(accept);
  turn.effects.push({ type: 'adopt', id });
  turn.informAll();
  turn.note('parent', `${user}, level ${branch.level}, root ${branch.root.username}`);
  turn.effects.push({ type: 'relay' });
}

function fromParent(turn: Turn, parent: Parent, event: Speech): void {
  if (event.type === 'search') {
    turn.effects.push({ type: 'relay' });
    return;
  }
  const branch = updated(turn.state.self, parent, event);
  if (typeof branch === 'string') {
    expel(turn, parent.id, branch, FAULTS[branch]);
    return;
  }
  const now: Parent = { ...parent, ...branch };
  const newLevel = now.level !== parent.level;
  const newRoot = now.root.username !== parent.root.username;
  if (!newLevel && !newRoot) return;
  turn.set({ parent: now });
  const { level, root } = branchOf(turn.state);
  if (newLevel) turn.tell({ type: 'BranchLevel', level });
  if (newRoot) turn.tell({ type: 'BranchRoot', ...root });
  if (turn.state.children.length > 0) {
    turn.effects.push({ type: 'inform', ...(newLevel && { level }), ...(newRoot && { root }) });
  }
  turn.note('branch', `${parent.user} is at level ${now.level} below ${root.username}`);
}
