import type { Timer } from '../../platform/clock.ts';
import { encodeDistributedMessage, SEARCH_IDENTIFIER } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import { type Handlers, markOf, type WireText } from './messages.ts';
import type { Session } from './session.ts';
import { broadcast } from './sessions.ts';

/** Candidates per list [aioslsk, Nicotine+]. */
const MAX_PARENTS = 10;
/** Who found no parent in this many lists becomes a branch root [observed of the real server: two or three]. */
const LISTS_BEFORE_ROOT = 3;
/** The first list follows HaveNoParent after this long: ours, so that a login is not answered with a burst. */
const FIRST_LIST_MS = 1000;
/** Length field and code of a distributed frame. */
const DISTRIBUTED_HEADER = 5;
const DISTRIB_SEARCH = 3;

/** What the server knows of a user's place in the search tree. */
export interface TreeState {
  noParent: boolean;
  level: number;
  /** Empty until told. */
  root: string;
  acceptsChildren: boolean;
  /** The server hands it global searches. */
  isRoot: boolean;
  /** Lists of possible parents since it last had one. */
  unanswered: number;
  /** The next list; undefined while the user has a parent. */
  offering: Timer | undefined;
}

/** Hands a global search to every branch root, the searcher too if it is one. */
export function handToRoots(context: Context, searcher: Session, token: number, query: WireText): void {
  const frame = encodeDistributedMessage({
    type: 'DistribSearch',
    identifier: SEARCH_IDENTIFIER,
    username: searcher.name,
    token,
    query: query.text,
    ...markOf('query', query),
  });
  const roots = [...context.sessions.online()].filter((session) => session.tree.isRoot);
  const distribMessage = frame.subarray(DISTRIBUTED_HEADER);
  broadcast(roots, { type: 'EmbeddedMessage', distribCode: DISTRIB_SEARCH, distribMessage });
}

/**
 * Users who can be a parent: faster uploaders that say they take children, are part of the tree and do not hang off
 * the user itself. A random choice, shown fastest first.
 */
function possibleParents(context: Context, session: Session): Session[] {
  const speed = session.account!.avgSpeed;
  const fit = [...context.sessions.online()].filter(
    (other) =>
      other !== session &&
      other.account!.avgSpeed > speed &&
      other.tree.acceptsChildren &&
      (other.tree.isRoot || !other.tree.noParent) &&
      other.tree.root !== session.name &&
      (other.port !== 0 || other.obfuscatedPort !== 0),
  );
  while (fit.length > MAX_PARENTS) fit.splice(context.random.int(0, fit.length - 1), 1);
  return fit.sort((a, b) => b.account!.avgSpeed - a.account!.avgSpeed);
}

function offerParents(context: Context, session: Session): void {
  const parents = possibleParents(context, session);
  if (parents.length === 0 || session.tree.unanswered >= LISTS_BEFORE_ROOT) session.tree.isRoot = true;
  if (parents.length === 0) return;
  session.tree.unanswered++;
  session.send({
    type: 'PossibleParents',
    parents: parents.map((parent) => ({ username: parent.name, ip: parent.remote.host, port: parent.port })),
  });
}

/** Offers parents again and again for as long as the user has none. */
function keepOffering(context: Context, session: Session, afterMs: number): void {
  session.tree.offering = context.clock.setTimeout(() => {
    offerParents(context, session);
    keepOffering(context, session, context.options.parentsIntervalMs);
  }, afterMs);
}

/** Ends the offers: the user has a parent, or is gone. */
export function stopOffering(session: Session): void {
  session.tree.offering?.cancel();
  session.tree.offering = undefined;
}

/** Tells a user to forget its place in the tree. */
export function resetDistributed(session: Session): void {
  session.send({ type: 'ResetDistributed' });
}

export const treeHandlers = {
  HaveNoParent(context, session, { noParent }) {
    const { tree } = session;
    tree.noParent = noParent;
    if (!noParent) {
      stopOffering(session);
      tree.isRoot = false;
      tree.unanswered = 0;
    } else if (!tree.offering && context.rules.searches === 'tree') {
      keepOffering(context, session, FIRST_LIST_MS);
    }
  },

  BranchLevel(_context, session, { level }) {
    session.tree.level = level;
  },

  /** A root that is not online is answered by a reset [aioslsk]. */
  BranchRoot(context, session, { username }) {
    session.tree.root = username;
    if (context.rules.searches === 'tree' && !context.sessions.get(username)) resetDistributed(session);
  },

  AcceptChildren(_context, session, { accept }) {
    session.tree.acceptsChildren = accept;
  },
} satisfies Partial<Handlers>;
