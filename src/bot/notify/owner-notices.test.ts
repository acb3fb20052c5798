import { beforeEach, expect, it } from 'vitest';
import { MemoryState } from '../../network/memory-ports.ts';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { NotifyConfig } from '../config/config.ts';
import { OwnerNotices } from './owner-notices.ts';

let sent: string[];
let online: boolean;
let broken: boolean;
let state: MemoryState;
let clock: VirtualClock;

beforeEach(() => {
  clock = new VirtualClock();
  sent = [];
  online = true;
  broken = false;
  state = new MemoryState();
});

const make = (config: Partial<NotifyConfig> = {}) =>
  new OwnerNotices({
    config: { owners: true, perDay: 5, channels: [], ...config },
    owners: ['me', 'you'],
    clock,
    log: memoryLog(),
    state,
    online: () => online,
    send: async (user, text) => {
      if (broken) throw new Error('no disk');
      sent.push(`${user}: ${text}`);
      return { id: 'x', state: 'queued' };
    },
  });

const soon = () => clock.advance(10);

it('tells every owner once an hour about the same, also after a restart', async () => {
  const notices = make();
  notices.tell('ban', 'banned');
  notices.tell('ban', 'banned again');
  await soon();
  expect(sent).toEqual(['me: banned again', 'you: banned again']);
  const after = make();
  after.tell('ban', 'and again');
  await soon();
  expect(sent).toHaveLength(2);
  await clock.advance(3_600_000);
  after.tell('ban', 'an hour later');
  await soon();
  expect(sent).toHaveLength(4);
});

it('waits for the connection, and then tells the latest of each', async () => {
  const notices = make({ owners: ['me'] });
  online = false;
  notices.tell('a', '1');
  notices.tell('b', '1');
  notices.tell('a', '2');
  await clock.advance(86_400_000);
  expect(sent).toEqual([]);
  online = true;
  notices.flush();
  await soon();
  expect(sent).toEqual(['me: 1', 'me: 2']);
});

it('has enough for one day, and tries again what could not be queued', async () => {
  const notices = make({ owners: ['me'], perDay: 2 });
  for (const subject of ['a', 'b', 'c', 'd']) notices.tell(subject, subject);
  await soon();
  expect(sent).toEqual(['me: a', 'me: b']);
  await clock.advance(86_400_000);
  notices.tell('e', 'e');
  await soon();
  expect(sent).toHaveLength(3);
});

it('tells nobody who is not named', async () => {
  make({ owners: false }).tell('a', '1');
  make({ owners: [] }).tell('a', '1');
  make({ owners: ['op'] }).tell('a', '1');
  await soon();
  expect(sent).toEqual(['op: 1']);
});

it('gives up quietly when it is closed', async () => {
  const notices = make();
  broken = true;
  notices.tell('a', '1');
  await notices.close();
  notices.tell('b', '1');
  broken = false;
  await clock.advance(3_600_000);
  expect(sent).toEqual([]);
});
