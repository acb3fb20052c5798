import type { PeerLink, PeerNetwork } from '../peers/peer-link.ts';
import type { ServerLink, Undo } from '../server-link.ts';
import { RestoreStep } from '../session/restore-steps.ts';
import type { TreeEvent } from './tree-events.ts';

export interface TreeInputsOptions {
  readonly link: ServerLink;
  readonly peers: Pick<PeerNetwork, 'onIncoming'>;
  /** What the server says, as an event. */
  readonly apply: (event: TreeEvent) => void;
  /** An EmbeddedMessage. */
  readonly embedded: (code: number, payload: Uint8Array) => void;
  /** Somebody opened a `D` connection; whether it became our child. */
  readonly take: (link: PeerLink) => boolean;
  /** Whether somebody who asks for a `D` connection would be taken. */
  readonly willing: (user: string) => boolean;
}

/** Registers for all that moves the tree from outside. */
export function treeInputs({
  link,
  peers,
  apply,
  embedded,
  take,
  willing,
}: TreeInputsOptions): readonly Undo[] {
  const stats = (username: string, avgSpeed: number) => {
    if (username === link.username) apply({ type: 'speed', avgSpeed });
  };
  return [
    link.onRestore(RestoreStep.tree, () => apply({ type: 'login', self: link.username })),
    link.onLost((why) => apply({ type: 'session-lost', why })),
    link.on('PossibleParents', ({ parents }) => {
      apply({
        type: 'offers',
        parents: parents.map(({ username, ip, port }) => ({ user: username, ip, port })),
      });
    }),
    link.on('EmbeddedMessage', ({ distribCode, distribMessage }) => embedded(distribCode, distribMessage)),
    link.on('ResetDistributed', () => apply({ type: 'reset' })),
    link.on('ParentMinSpeed', ({ speed }) => apply({ type: 'min-speed', minSpeed: speed })),
    link.on('ParentSpeedRatio', ({ ratio }) => apply({ type: 'ratio', ratio })),
    link.on('GetUserStats', ({ username, avgSpeed }) => stats(username, avgSpeed)),
    link.on('WatchUser', (message) => {
      if (message.exists) stats(message.username, message.avgSpeed);
    }),
    peers.onIncoming('D', { take, willing }),
  ];
}
