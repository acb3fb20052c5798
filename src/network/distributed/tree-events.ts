import type { ServerRequest } from '../../protocol/index.ts';
import type { PossibleParent, Refusal, RootName } from './tree-state.ts';

/** What makes the machine move. `id` names a dial, and later the connection that came of it. */
export type TreeEvent =
  | { readonly type: 'login'; readonly self: string }
  | { readonly type: 'session-lost'; readonly why: string }
  /** PossibleParents. */
  | { readonly type: 'offers'; readonly parents: readonly PossibleParent[] }
  /** EmbeddedMessage with a search that can be relayed. */
  | { readonly type: 'embedded' }
  /** ResetDistributed. */
  | { readonly type: 'reset' }
  /** Our own statistics. */
  | { readonly type: 'speed'; readonly avgSpeed: number }
  | { readonly type: 'min-speed'; readonly minSpeed: number }
  | { readonly type: 'ratio'; readonly ratio: number }
  | { readonly type: 'level'; readonly id: number; readonly level: number }
  | { readonly type: 'root'; readonly id: number; readonly root: RootName }
  /** A search that can be relayed. */
  | { readonly type: 'search'; readonly id: number }
  /** The dial failed, or the connection is gone. */
  | { readonly type: 'closed'; readonly id: number; readonly why: string }
  /** The connection must go. */
  | { readonly type: 'expel'; readonly id: number; readonly problem: Problem; readonly why: string }
  /** Somebody opened a connection to become our child. `supersedes`: it may take the place of its older connection. */
  | { readonly type: 'knock'; readonly user: string; readonly supersedes: boolean }
  /** Time to tell the server again what it should know. */
  | { readonly type: 'remind' };

/** Kinds of misbehaviour, for counting. */
export type Problem =
  /** A level below 0, or absurd. */
  | 'bad-level'
  /** A root that is empty or too long to be a name. */
  | 'bad-root'
  /** Its branch hangs off ourselves. */
  | 'loop'
  /** Search, level or root from somebody who is not our parent. */
  | 'intruder'
  /** Level and root that do not stand still. */
  | 'restless'
  /** A child that cannot keep up. */
  | 'slow-child';

/** What the shell is to do, in this order. */
export type TreeEffect =
  /** Send to the server. */
  | { readonly type: 'tell'; readonly request: ServerRequest }
  /** Send to all children. */
  | { readonly type: 'inform'; readonly level?: number; readonly root?: RootName }
  /** Connect, type `D`. */
  | ({ readonly type: 'dial'; readonly id: number } & PossibleParent)
  /** Call off the dial, or close the connection. */
  | { readonly type: 'drop'; readonly id: number; readonly reason: string }
  /** This candidate is the parent now. */
  | { readonly type: 'adopt'; readonly id: number }
  /** Who knocked is a child now: tell it level and root, then feed it. */
  | { readonly type: 'admit'; readonly id: number; readonly level: number; readonly root: RootName }
  | { readonly type: 'refuse'; readonly reason: Refusal }
  /** Pass the search that came with the event to all children, and answer it. */
  | { readonly type: 'relay' }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** Something that an operator may ask about later. */
  | { readonly type: 'note'; readonly change: ChangeKind; readonly why: string };

export type ChangeKind =
  | 'online'
  | 'offline'
  | 'candidates'
  | 'candidate-dropped'
  | 'parent'
  | 'parent-lost'
  | 'branch'
  | 'root'
  | 'reset'
  | 'child'
  | 'child-gone';
