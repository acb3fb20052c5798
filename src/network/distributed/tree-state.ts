import type { DistributedMessageOf } from '../../protocol/index.ts';
import { childLimit } from './child-limit.ts';

/** A branch root's name as it is written in messages, with the mark of names that were not UTF-8. */
export type RootName = Omit<DistributedMessageOf<'DistribBranchRoot'>, 'type'>;

/** A place in the tree. Level 0 is the root of its branch. */
export interface Branch {
  readonly level: number;
  readonly root: RootName;
}

/** A user whom the server suggests as parent, and where it listens. */
export interface PossibleParent {
  readonly user: string;
  readonly ip: string;
  readonly port: number;
}

/** A possible parent that we dial or are connected with; `level` and `root` as far as it has told them. */
export interface Candidate extends PossibleParent {
  readonly id: number;
  readonly level?: number;
  readonly root?: RootName;
}

export interface Parent extends Branch {
  readonly id: number;
  readonly user: string;
}

export interface ChildRef {
  readonly id: number;
  readonly user: string;
}

/** Everything that decides what we tell to whom. Plain data; ids are given by the machine and never used twice. */
export interface TreeState {
  readonly online: boolean;
  /** Our own name. */
  readonly self: string;
  readonly parent: Parent | undefined;
  /** Empty while there is a parent. */
  readonly candidates: readonly Candidate[];
  /** Possible parents that were not needed: tried when the parent is lost. */
  readonly spares: readonly PossibleParent[];
  /** The server feeds us. Never together with a parent. */
  readonly isRoot: boolean;
  readonly children: readonly ChildRef[];
  readonly avgSpeed: number | undefined;
  readonly minSpeed: number | undefined;
  readonly ratio: number | undefined;
  /** The most children that the owner wants. */
  readonly cap: number;
  /** What the server was told last by AcceptChildren. */
  readonly toldAccept: boolean;
  readonly nextId: number;
}

/** Before any login. */
export function initialState(cap: number): TreeState {
  return {
    online: false,
    self: '',
    parent: undefined,
    candidates: [],
    spares: [],
    isRoot: false,
    children: [],
    avgSpeed: undefined,
    minSpeed: undefined,
    ratio: undefined,
    cap,
    toldAccept: false,
    nextId: 1,
  };
}

/** Where we are in the tree, for the server and for children: below the parent, or a branch of our own. */
export function branchOf({ parent, self }: TreeState): Branch {
  return parent === undefined
    ? { level: 0, root: { username: self } }
    : { level: parent.level + 1, root: parent.root };
}

/** The most children that we may have now. */
export const limitOf = (state: TreeState): number => childLimit(state);

/** Whether searches reach us that a child could get. */
export const isFed = (state: TreeState): boolean => state.parent !== undefined || state.isRoot;

/** Whether a further child would be taken: what AcceptChildren tells. */
export const isAccepting = (state: TreeState): boolean =>
  state.online && isFed(state) && state.children.length < limitOf(state);

/** Why somebody may not become our child; undefined when it may. */
export function refusalOf(state: TreeState, user: string, supersedes: boolean): Refusal | undefined {
  if (!state.online || !isFed(state)) return 'not-fed';
  if (user === state.self) return 'self';
  if (state.parent?.user === user || state.candidates.some((other) => other.user === user)) return 'upstream';
  if (state.children.some((other) => other.user === user)) return supersedes ? undefined : 'already-child';
  return isAccepting(state) ? undefined : 'full';
}

/** `not-fed`: we have no searches to pass on. `upstream`: it is our parent or may become it. */
export type Refusal = 'not-fed' | 'self' | 'upstream' | 'already-child' | 'full';
