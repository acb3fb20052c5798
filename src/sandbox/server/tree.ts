import { encodeDistributedMessage, SEARCH_IDENTIFIER } from '../../protocol/index.ts';
import type { Context } from './context.ts';
import { type Handlers, markOf, type WireText } from './messages.ts';
import type { Session } from './session.ts';
import { broadcast } from './sessions.ts';

/** Candidates per list [aioslsk, Nicotine+]. */
const MAX_PARENTS = 10;
/** Who found no parent in this many lists becomes a branch root [observed of the real server: two or three]. */
const LISTS_BEFORE_ROOT = { eager: 3, patient: 10 } as const;
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

/** Users who take children, are part of the tree and say where they listen; the fastest first. */
function whoTakesChildren(context: Context): Session[] {
  return [...context.sessions.online()]
    .filter(
      ({ tree, port, obfuscatedPort }) =>
        tree.acceptsChildren && (tree.isRoot || !tree.noParent) && (port !== 0 || obfuscatedPort !== 0),
    )
    .sort(fastestFirst);
}

const fastestFirst = (a: Session, b: Session): number => b.account!.avgSpeed - a.account!.avgSpeed;

/** Of those the faster uploaders that do not hang off the user itself: a random choice, the fastest first. */
function possibleParents(context: Context, session: Session, willing: readonly Session[]): Session[] {
  const speed = session.account!.avgSpeed;
  const fit = willing.filter(
    (other) => other.account!.avgSpeed > speed && other !== session && other.tree.root !== session.name,
  );
  if (fit.length <= MAX_PARENTS) return fit;
  for (let i = 0; i < MAX_PARENTS; i++) {
    const other = context.random.int(i, fit.length - 1);
    [fit[i], fit[other]] = [fit[other]!, fit[i]!];
  }
  return fit.slice(0, MAX_PARENTS).sort(fastestFirst);
}

function offerParents(
  context: Context,
  session: Session,
  willing: readonly Session[],
  fastest: number,
): void {
  const { tree } = session;
  const parents = possibleParents(context, session, willing);
  const { branchRoots } = context.options;
  const mayWait = branchRoots === 'patient' && session.account!.avgSpeed < fastest;
  if (tree.unanswered >= LISTS_BEFORE_ROOT[branchRoots] || (parents.length === 0 && !mayWait))
    tree.isRoot = true;
  if (parents.length > 0 || mayWait) tree.unanswered++;
  if (parents.length === 0) return;
  session.send({
    type: 'PossibleParents',
    parents: parents.map((parent) => ({ username: parent.name, ip: parent.remote.host, port: parent.port })),
  });
}

/** Offers parents to users whose time has come; they are offered some again and again for as long as they have none. */
export function offerToAll(context: Context, sessions: readonly Session[]): void {
  const willing = whoTakesChildren(context);
  const fastest = fastestInTree(context);
  // The fastest get the first pick: nobody can hang off a slower user who took a place near the root.
  for (const session of [...sessions].sort(fastestFirst)) {
    // Another one's offer may have ended its connection.
    if (!session.open) continue;
    context.parentOffers.add(session, context.options.parentsIntervalMs);
    offerParents(context, session, willing, fastest);
  }
}

/** The upload speed of the fastest user who has said anything about the tree. */
function fastestInTree(context: Context): number {
  let fastest = 0;
  for (const { tree, account } of context.sessions.online())
    if (tree.root !== '') fastest = Math.max(fastest, account!.avgSpeed);
  return fastest;
}

/** Tells a user to forget its place in the tree. */
export function resetDistributed(session: Session): void {
  session.send({ type: 'ResetDistributed' });
}

export const treeHandlers = {
  HaveNoParent(context, session, { noParent }) {
    const { tree } = session;
    const { parentOffers, rules } = context;
    tree.noParent = noParent;
    if (!noParent) {
      parentOffers.remove(session);
      tree.isRoot = false;
      tree.unanswered = 0;
    } else if (rules.searches === 'tree' && !parentOffers.has(session)) {
      parentOffers.add(session, FIRST_LIST_MS);
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
