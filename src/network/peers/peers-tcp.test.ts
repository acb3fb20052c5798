import { afterEach, expect, it } from 'vitest';
import { nullLog } from '../../platform/null-log.ts';
import { realPlatform } from '../../platform/real/real-platform.ts';
import { PeerMessages } from './peer-messages.ts';
import type { Node } from './peers.test-support.ts';
import { Hub, HubLink, result } from './peers.test-support.ts';
import { Peers } from './peers.ts';

const nodes: Pick<Node, 'peers' | 'messages'>[] = [];
afterEach(async () => {
  for (const { peers, messages } of nodes.splice(0)) {
    messages.close();
    await peers.close();
  }
});

/** A client on real sockets; it knows where the others are without asking. */
async function realNode(hub: Hub, name: string) {
  const platform = realPlatform(nullLog);
  const { clock, random, transport, log } = platform;
  const link = new HubLink(hub, name);
  const users = {
    address: async (user: string) => {
      const { port, obfuscatedPort } = hub.users.get(user)!;
      const obfuscated = { type: 1, port: obfuscatedPort };
      return { state: 'known', ip: '127.0.0.1', port, ...(obfuscatedPort > 0 && { obfuscated }) } as const;
    },
  };
  const peers = new Peers({ link, users, clock, random, transport, log });
  const messages = new PeerMessages({ network: peers, clock, random, log });
  await peers.open({ host: '127.0.0.1', port: 0, obfuscatedPort: 0 });
  hub.users.set(name, { ip: '127.0.0.1', port: peers.ports.plain, obfuscatedPort: peers.ports.obfuscated });
  nodes.push({ peers, messages });
  return { peers, messages };
}

it.each(['plain', 'obfuscated'])('works over real sockets, %s', async (way) => {
  const hub = new Hub();
  const ann = await realNode(hub, 'ann');
  const bob = await realNode(hub, 'bob');
  if (way === 'obfuscated') hub.users.get('bob')!.port = 0;
  const [info, list] = await Promise.all([ann.messages.userInfo('bob'), ann.messages.browse('bob')]);
  expect(info.description).toContain('bot');
  expect(list.directories).toEqual([]);
  expect(ann.peers.current('bob')?.obfuscated).toBe(way === 'obfuscated');

  const got = new Promise<number>((resolve) => {
    bob.messages.on('FileSearchResponse', ({ results }, link) => {
      expect(link.user).toBe('ann');
      resolve(results.length);
    });
  });
  bob.messages.onSearchResponse(({ token }) => token === 7);
  const options = { priority: 'answer' } as const;
  expect(await ann.messages.send('bob', result(7, 5000), options)).toEqual({ state: 'sent' });
  expect(await got).toBe(5000);
});
