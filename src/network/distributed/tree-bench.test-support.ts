import { memoryLog } from '../../platform/memory-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import {
  type DistributedMessage,
  encodeDistributedMessage,
  type ServerResponse,
} from '../../protocol/index.ts';
import { FakeLink } from '../fake-link.test-support.ts';
import { FakePeers, searchFor } from './fake-peers.test-support.ts';
import { SearchTree } from './search-tree.ts';
import type { TreeOptions } from './tree-options.ts';

export const level = (number: number): DistributedMessage => ({ type: 'DistribBranchLevel', level: number });
export const root = (username: string): DistributedMessage => ({ type: 'DistribBranchRoot', username });
const speed = (avgSpeed: number): ServerResponse => ({
  type: 'GetUserStats',
  username: 'bot',
  avgSpeed,
  uploadNum: 0,
  unknown: 0,
  files: 0,
  dirs: 0,
});
export const suggest = (...users: readonly string[]): ServerResponse => ({
  type: 'PossibleParents',
  parents: users.map((username) => ({ username, ip: '10.0.0.1', port: 2234 })),
});
export const embedded = (search: DistributedMessage): ServerResponse => {
  const frame = encodeDistributedMessage(search);
  return { type: 'EmbeddedMessage', distribCode: 3, distribMessage: frame.subarray(5) };
};

/** A tree that is logged in, with room for ten children. For tests only. */
export function bench(options: TreeOptions = {}) {
  const clock = new VirtualClock();
  const link = new FakeLink();
  const peers = new FakePeers();
  const log = memoryLog();
  const tree = new SearchTree({ link, peers, clock, log, random: new SeededRandom(1), options });
  link.login();
  link.says({ type: 'ParentMinSpeed', speed: 1 }, { type: 'ParentSpeedRatio', ratio: 50 }, speed(1_000_000));
  /** Makes ann our parent: level 1, root rex. */
  const adopt = async () => {
    link.says(suggest('ann', 'bob'));
    const ann = await peers.opens('ann');
    ann.says(level(1), root('rex'), searchFor('first'));
    link.take();
    return ann;
  };
  return { clock, link, peers, log, tree, adopt };
}
