import { expect, test } from 'vitest';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { virtualSandbox } from '../sandbox.ts';
import { FloodDetector } from '../server/flood.ts';
import { DEFAULT_FLOOD_LIMITS } from '../server/flood-limits.ts';
import { chatter } from './chatter.ts';
import type { Act } from './script.ts';

test('acts happen at their times, those of one person in order, and log in by themselves', async () => {
  const sandbox = await virtualSandbox();
  const start = sandbox.clock.now();
  const lines: [number, string][] = [];
  sandbox.server.on('line', ({ user, text, at }) => lines.push([at - start, `${user}: ${text}`]));
  const acts: Act[] = [
    { at: 3000, who: 'bob', do: 'say', room: 'lobby', text: 'hello alice' },
    { at: 1000, who: 'alice', do: 'join', room: 'lobby' },
    { at: 1000, who: 'alice', do: 'say', room: 'lobby', text: 'anyone?' },
    { at: 2000, who: 'bob', do: 'join', room: 'lobby' },
  ];
  const done: string[] = [];
  await sandbox.run(sandbox.play(acts, (act) => done.push(act.do)).done);
  await sandbox.world.clock.advance(10);
  expect(lines.map(([, text]) => text)).toEqual(['alice: anyone?', 'bob: hello alice']);
  expect(lines[1]![0]).toBeGreaterThanOrEqual(3000);
  expect(lines[1]![0]).toBeLessThan(3020);
  expect(done).toEqual(['join', 'say', 'join', 'say']);
});

test('every deed does what it says', async () => {
  const sandbox = await virtualSandbox();
  const act = (at: number, who: string, deed: object) => ({ at, who, ...deed }) as Act;
  const acts = [
    act(0, 'owner', { do: 'login' }),
    act(0, 'guest', { do: 'invitations', on: true }),
    act(100, 'owner', { do: 'join', room: 'den', private: true }),
    act(200, 'owner', { do: 'add-member', room: 'den', user: 'guest' }),
    act(300, 'owner', { do: 'add-operator', room: 'den', user: 'guest' }),
    act(400, 'owner', { do: 'ticker', room: 'den', text: 'be nice' }),
    act(500, 'guest', { do: 'watch', user: 'owner' }),
    act(600, 'owner', { do: 'away' }),
    act(700, 'owner', { do: 'pm', to: 'guest', text: 'welcome' }),
  ];
  await sandbox.run(sandbox.play(acts).done);
  await sandbox.world.clock.advance(50);
  const { world } = sandbox.server;
  expect(world.room('den')).toMatchObject({
    owner: 'owner',
    members: ['guest'],
    operators: ['guest'],
    users: ['owner'],
  });
  expect(world.room('den')?.tickers).toEqual([{ user: 'owner', ticker: 'be nice' }]);
  expect(world.session('owner')?.status).toBe(1);
  expect(world.session('guest')?.watching).toEqual(['owner']);
  expect(world.messages).toMatchObject([{ to: 'guest', text: 'welcome' }]);
  const more = [
    act(0, 'owner', { do: 'back' }),
    act(0, 'owner', { do: 'remove-operator', room: 'den', user: 'guest' }),
    act(100, 'owner', { do: 'remove-member', room: 'den', user: 'guest' }),
    act(200, 'owner', { do: 'leave', room: 'den' }),
    act(300, 'guest', { do: 'logout' }),
  ];
  await sandbox.run(sandbox.play(more).done);
  await sandbox.world.clock.advance(50);
  expect(world.room('den')).toMatchObject({ members: [], operators: [], users: [] });
  expect(world.sessions.map((s) => [s.username, s.status])).toEqual([['owner', 2]]);
});

test('a script that fails says so, one that is stopped stays silent, an empty one is done', async () => {
  const sandbox = await virtualSandbox({ server: { rooms: [{ name: 'den', owner: 'x' }] } });
  const refused = sandbox.play([{ at: 0, who: 'a', do: 'join', room: 'den' }]);
  await expect(sandbox.run(refused.done)).rejects.toThrow('a may not enter den');
  const late = sandbox.play([{ at: 5000, who: 'b', do: 'login' }]);
  await sandbox.world.clock.advance(1000);
  late.stop();
  await sandbox.run(late.done);
  await sandbox.world.clock.advance(10_000);
  expect(sandbox.server.world.session('b')).toBeUndefined();
  await sandbox.run(sandbox.play([]).done);
});

test('who may not log in fails the script', async () => {
  const sandbox = await virtualSandbox({ server: { registrations: 'closed' } });
  await expect(sandbox.run(sandbox.play([{ at: 0, who: 'a', do: 'login' }]).done)).rejects.toThrow(
    'SVRPRIVATE',
  );
});

const talk = (seed: number, people = ['ann', 'ben', 'cleo']) =>
  chatter({ random: new SeededRandom(seed), people, rooms: ['lobby', 'vinyl'], durationMs: 3_600_000 });

test('small talk repeats from its seed', () => {
  expect(talk(1)).toEqual(talk(1));
  expect(talk(1)).not.toEqual(talk(2));
});

test('small talk is in order, complete, plausible and never floods', async () => {
  for (let seed = 0; seed < 20; seed++) {
    const clock = new VirtualClock();
    const flood = new FloodDetector(clock, DEFAULT_FLOOD_LIMITS);
    const acts = talk(seed);
    const says = acts.flatMap((act) => (act.do === 'say' ? [act] : []));
    expect(says.length).toBeGreaterThan(200);
    expect(acts.map((act) => act.at)).toEqual([...acts.map((act) => act.at)].sort((a, b) => a - b));
    const joined = new Set<string>();
    for (const act of acts) {
      if (act.do === 'join') joined.add(`${act.who} ${act.room}`);
      if (act.do !== 'say') continue;
      expect(joined).toContain(`${act.who} ${act.room}`);
      expect(act.text).not.toMatch(/[{}\r\n]/);
      await clock.advance(act.at - clock.monotonic());
      expect(flood.roomLine(act.who, act.room, act.text)).toBeUndefined();
    }
  }
});

test('one person alone, or nobody', () => {
  expect(talk(1, ['ann']).filter((act) => act.do === 'say').length).toBeGreaterThan(50);
  expect(talk(1, [])).toEqual([]);
});
