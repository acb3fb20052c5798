import type { SoulseekClient } from '../../network/client.ts';
import type { BotStatus } from './status.ts';

/** How the bot fares among other users. */
export function networkStatus(client: SoulseekClient): Pick<BotStatus, 'peers' | 'tree' | 'search'> {
  const { peers, tree, searches, answering } = client;
  return {
    peers: { ...peers.snapshot(), ports: peers.ports, acceptedSoFar: peers.accepted },
    tree: tree.snapshot(),
    search: {
      running: searches.size,
      strays: searches.strays,
      wishlistInterval: searches.wishlistInterval,
      answering: answering.counts,
    },
  };
}
