import { SearchTree } from '../../src/network/distributed/search-tree.ts';
import { FakeLink } from '../../src/network/fake-link.test-support.ts';
import { Peers } from '../../src/network/peers/peers.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { CryptoRandom } from '../../src/platform/real/crypto-random.ts';
import { RealClock } from '../../src/platform/real/real-clock.ts';
import { TcpTransport } from '../../src/platform/real/tcp-transport.ts';
import { PARENT_NAME } from './traffic.ts';

/** Our peer network and tree, with a server that says what it must and no more. */
export async function ourRelay(
  parentPort: number,
  maxChildren: number,
): Promise<{
  port: number;
  fed: () => boolean;
  children: () => number;
  dropped: () => number;
  queued: () => number;
}> {
  const clock = new RealClock();
  const random = new CryptoRandom();
  const link = new FakeLink();
  const peers = new Peers({
    link,
    users: { address: () => Promise.resolve({ state: 'offline' }) },
    clock,
    random,
    transport: new TcpTransport(),
    log: nullLog,
  });
  const tree = new SearchTree({ link, peers, clock, random, log: nullLog, options: { maxChildren } });
  await peers.open({ host: '127.0.0.1', port: 0, obfuscatedPort: false });
  link.login();
  link.says(
    { type: 'ParentMinSpeed', speed: 1 },
    { type: 'ParentSpeedRatio', ratio: 1 },
    { type: 'GetUserStats', username: 'bot', avgSpeed: 1e8, uploadNum: 0, unknown: 0, files: 0, dirs: 0 },
    { type: 'PossibleParents', parents: [{ username: PARENT_NAME, ip: '127.0.0.1', port: parentPort }] },
  );
  return {
    port: peers.ports.plain,
    fed: () => tree.snapshot().role === 'child',
    children: () => tree.snapshot().children.length,
    dropped: () => tree.snapshot().counts['slow-child'] ?? 0,
    queued: () => tree.snapshot().children.reduce((sum, { queuedBytes }) => sum + queuedBytes, 0),
  };
}
