/**
 * How a message is spoiled. `half`: its first half, then silence. `garbage`: random bytes of the same length. `oversize`: a
 * length field of 2 GiB. `lying-count`: a list that claims 4,294,967,295 items. `bomb`: a few hundred
 * kilobytes that inflate to hundreds of megabytes. The last two spoil compressed messages only; others come whole.
 */
export type Spoil = 'half' | 'garbage' | 'oversize' | 'lying-count' | 'bomb';

/** What can be spoiled: the first frame of a connection, answers to peers, and what a parent sends down the search tree. */
export type Spoilable = 'init' | 'result' | 'browse' | 'info' | 'folder' | 'search';

/** Part in the search tree. */
export interface TreeBehaviour {
  /** Children at a time. @default 10 */
  readonly maxChildren: number;
  /** Says so to children instead of the truth; -1 is a known defect. */
  readonly level?: number;
  /** Names this root to children instead of the true one. Empty, or the name of a child: a loop. */
  readonly root?: string;
  /** Old clients name no root at level 0. @default false */
  readonly omitsRoot: boolean;
  /** How searches go to children: as they should, or in the envelope that old roots forgot to open, in either dialect. @default 'plain' */
  readonly searches: 'plain' | 'embedded-u8' | 'embedded-u32';
}

/** What a peer does and fails to do, as data. */
export interface PeerBehaviour {
  /** Ports that it announces. @default 'plain' */
  readonly listens: 'plain' | 'obfuscated' | 'both' | 'nowhere';
  /** Announces them, but nobody gets through. @default false */
  readonly firewalled: boolean;
  /** How it gets to others: at their address, by asking the server, or both at once as is the norm today. @default 'both' */
  readonly dials: 'direct' | 'indirect' | 'both';
  /** When both ways work it keeps both connections, instead of only the first. @default false */
  readonly keepsBoth: boolean;
  /** Connects to who asks for it through the server; says that it cannot; or is silent. @default 'yes' */
  readonly pierces: 'yes' | 'refuses' | 'ignores';
  /**
   * As Nicotine+ does: while the server's way to a user has neither worked nor been refused (20 s), nothing else is tried,
   * even if the direct connection is gone already [observed]. @default false
   */
  readonly waitsForPending: boolean;
  /** Introduces itself by this name. @default its own */
  readonly claims?: string;
  /** Bytes per second that it reads of a connection, after the init message; 0 reads nothing. @default Infinity */
  readonly reads: number;
  /** Closes a connection after that long without traffic, in milliseconds. @default 60_000 */
  readonly idleMs: number;
  /** Milliseconds between a search and its answer. @default 0 */
  readonly answersAfterMs: number;
  /** @default nothing */
  readonly spoils: Readonly<Partial<Record<Spoilable, Spoil>>>;
  /** Width of the token in PeerInit; it means nothing, but some send a u64. @default 'u32' */
  readonly initToken: 'u32' | 'u64';
  /** Width of `slotsFree` in a user info; Museek+ writes a u32. @default 'u8' */
  readonly slotsFree: 'u8' | 'u32';
  /** Undefined takes no part. @default undefined */
  readonly tree: TreeBehaviour | undefined;
}

export const DEFAULT_TREE: TreeBehaviour = { maxChildren: 10, omitsRoot: false, searches: 'plain' };

export const DEFAULT_BEHAVIOUR: PeerBehaviour = {
  listens: 'plain',
  firewalled: false,
  dials: 'both',
  keepsBoth: false,
  pierces: 'yes',
  waitsForPending: false,
  reads: Infinity,
  idleMs: 60_000,
  answersAfterMs: 0,
  spoils: {},
  initToken: 'u32',
  slotsFree: 'u8',
  tree: undefined,
};

const inTree = (tree: Partial<TreeBehaviour> = {}): Partial<PeerBehaviour> => ({
  tree: { ...DEFAULT_TREE, ...tree },
});

/** The kinds of peers that one meets out there. For a branch that loops give `tree.root` the name of the child. */
export const PEER_KINDS = {
  honest: {},
  member: inTree(),
  firewalled: { firewalled: true },
  portless: { listens: 'nowhere' },
  'obfuscated only': { listens: 'obfuscated' },
  'slow reader': { reads: 1024, ...inTree() },
  'reads nothing': { reads: 0, ...inTree() },
  'connects twice': { keepsBoth: true, idleMs: Infinity },
  'never closes': { idleMs: Infinity },
  'never pierces': { pierces: 'ignores' },
  'waits for pending': { waitsForPending: true },
  'level below zero': inTree({ level: -1 }),
  'empty root': inTree({ root: '' }),
  'old root': inTree({ omitsRoot: true, searches: 'embedded-u32' }),
  'old Nicotine+ root': inTree({ searches: 'embedded-u8' }),
  'old tokens': { initToken: 'u64', slotsFree: 'u32' },
  'stops in its introduction': { spoils: { init: 'half' } },
  'stops halfway': {
    spoils: { result: 'half', browse: 'half', info: 'half', folder: 'half', search: 'half' },
  },
  bomber: { spoils: { result: 'bomb', browse: 'bomb', folder: 'bomb' } },
  'counts wrong': { spoils: { result: 'lying-count', browse: 'lying-count', folder: 'lying-count' } },
  babbler: {
    spoils: { result: 'garbage', browse: 'garbage', info: 'garbage', folder: 'garbage', search: 'garbage' },
  },
  'says too much': {
    spoils: { result: 'oversize', browse: 'oversize', info: 'oversize', search: 'oversize' },
  },
} as const satisfies Readonly<Record<string, Partial<PeerBehaviour>>>;

export type PeerKind = keyof typeof PEER_KINDS;
