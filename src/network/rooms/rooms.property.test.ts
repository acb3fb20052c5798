import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerResponse } from '../../protocol/index.ts';
import type { Recorded } from '../fake-link.test-support.ts';
import { joinRoom, roomBench, roomList, userJoined } from './rooms.test-support.ts';

const ROOMS = ['a', 'b'];
const USERS = ['bot', 'own', 'ann', 'zoe'];
const room = fc.constantFrom(...ROOMS);
const username = fc.constantFrom(...USERS);
const usernames = fc.array(username, { maxLength: 5 });
const subset = fc.subarray(ROOMS);

/** Anything that a server may say of rooms, sensible or not. */
const message: fc.Arbitrary<ServerResponse> = fc.oneof(
  fc.tuple(room, usernames).map(([name, users]) => joinRoom(name, users)),
  fc
    .tuple(room, usernames, username, usernames)
    .map(([name, users, owner, operators]) => joinRoom(name, users, { owner, operators, statuses: [1] })),
  fc.tuple(room, username).map(([name, user]) => userJoined(name, user)),
  fc
    .tuple(subset, subset, subset)
    .map(([ownedRooms, memberRooms, operatedRooms]) => roomList({ ownedRooms, memberRooms, operatedRooms })),
  fc.record({ type: fc.constantFrom('RoomMembers' as const, 'RoomOperators' as const), room, usernames }),
  fc.record({
    type: fc.constantFrom(
      'UserLeftRoom' as const,
      'AddRoomMember' as const,
      'RemoveRoomMember' as const,
      'AddRoomOperator' as const,
      'RemoveRoomOperator' as const,
      'RoomTickerRemoved' as const,
    ),
    room,
    username,
  }),
  fc.record({
    type: fc.constantFrom(
      'LeaveRoom' as const,
      'CantCreateRoom' as const,
      'RoomMembershipGranted' as const,
      'RoomMembershipRevoked' as const,
      'RoomOperatorshipGranted' as const,
      'RoomOperatorshipRevoked' as const,
    ),
    room,
  }),
  fc.record({
    type: fc.constant('RoomTickerAdded' as const),
    room,
    username,
    ticker: fc.constantFrom('', 'x', 'y'),
  }),
  fc.record({
    type: fc.constant('GetUserStatus' as const),
    username,
    status: fc.nat(2),
    privileged: fc.boolean(),
  }),
);

const step = fc.oneof(
  { weight: 12, arbitrary: message.map((says) => ({ says })) },
  { weight: 2, arbitrary: room.map((join) => ({ join })) },
  { weight: 1, arbitrary: room.map((leave) => ({ leave })) },
  { weight: 1, arbitrary: fc.constant({ reconnect: true }) },
);

/** What somebody who only listens to the events believes. */
class Listener {
  readonly inside = new Map<string, Set<string>>();
  readonly problems: string[] = [];

  hear([name, event]: Recorded): void {
    const { room: of, user } = event as { room: string; user: string };
    const problem = (what: string) => this.problems.push(`${name} of ${JSON.stringify(event)}: ${what}`);
    if (name === 'room.entered') {
      const { room: snapshot } = event as { room: { name: string; users: { user: string }[] } };
      if (this.inside.has(snapshot.name)) problem('inside already');
      this.inside.set(snapshot.name, new Set(snapshot.users.map((one) => one.user)));
    } else if (name === 'room.exited') {
      if (!this.inside.delete(of)) problem('not inside');
    } else if (name === 'room.join') {
      const users = this.inside.get(of);
      if (!users || users.has(user)) problem('not expected');
      users?.add(user);
    } else if (name === 'room.leave') {
      if (!this.inside.get(of)?.delete(user)) problem('not expected');
    }
  }
}

describe('rooms under any sequence of messages', () => {
  it('keeps its invariants, and the events tell the same story as the snapshots', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { link, rooms, users, events, clock } = roomBench();
        const listener = new Listener();
        link.login();
        for (const each of steps) {
          if ('says' in each) link.says(each.says);
          else if ('join' in each) void rooms.join(each.join);
          else if ('leave' in each) void rooms.leave(each.leave);
          else {
            link.lose();
            link.login();
          }
          for (const event of events.splice(0)) listener.hear(event);
          for (const snapshot of rooms.known()) {
            const names = snapshot.users.map(({ user }) => user);
            expect(new Set(names).size).toBe(names.length);
            // The bot itself is inside by its own JoinRoom, which need not list it.
            if (snapshot.joined) {
              const believed = listener.inside.get(snapshot.name) ?? new Set();
              const others = (list: Iterable<string>) => [...list].filter((user) => user !== 'bot').sort();
              expect(others(believed)).toEqual(others(names));
            } else expect(names).toEqual([]);
            expect(snapshot.joined).toBe(listener.inside.has(snapshot.name));
            for (const operator of snapshot.operators) expect(snapshot.members).toContain(operator);
            if (snapshot.owner !== undefined) {
              expect(snapshot.members).not.toContain(snapshot.owner);
              expect(snapshot.standing === 'owner').toBe(snapshot.owner === 'bot');
            }
            expect(['a', 'b']).toContain(snapshot.name);
            for (const name of names) expect(users.snapshot(name).rooms).toContain(snapshot.name);
          }
          for (const user of USERS) {
            const shared = rooms
              .known()
              .filter((snapshot) => snapshot.users.some((one) => one.user === user));
            expect([...users.snapshot(user).rooms].sort()).toEqual(shared.map(({ name }) => name).sort());
          }
        }
        expect(listener.problems).toEqual([]);
        link.lose();
        await clock.advance(1);
        expect(rooms.known().every((snapshot) => !snapshot.joined)).toBe(true);
        expect(users.size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});

describe('membership of a private room under any sequence of changes', () => {
  const others = fc.constantFrom('ann', 'zoe', 'own');
  const push = fc.record({
    type: fc.constantFrom(
      'AddRoomMember' as const,
      'RemoveRoomMember' as const,
      'AddRoomOperator' as const,
      'RemoveRoomOperator' as const,
    ),
    room: fc.constant('den'),
    username: others,
  });
  const list = fc.record({
    type: fc.constantFrom('RoomMembers' as const, 'RoomOperators' as const),
    room: fc.constant('den'),
    usernames: fc.array(others, { maxLength: 3 }).map((users) => [...users, 'bot']),
  });

  it('equals two plain sets, and replaying the events gives the same', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(push, push, list), { maxLength: 40 }), (messages) => {
        const { link, rooms, take } = roomBench();
        link.login();
        link.says(
          { type: 'RoomMembers', room: 'den', usernames: ['bot', 'ann'] },
          { type: 'RoomOperators', room: 'den', usernames: ['bot'] },
        );
        void rooms.join('den');
        link.says(joinRoom('den', ['bot'], { owner: 'own', operators: ['bot'] }));
        take();
        const model = { members: new Set(['bot', 'ann']), operators: new Set(['bot']) };
        const replay = { 'room.member': new Set(['bot', 'ann']), 'room.operator': new Set(['bot']) };
        for (const each of messages) {
          const { members, operators } = model;
          if (each.type === 'RoomMembers') {
            members.clear();
            for (const user of each.usernames) members.add(user);
            for (const user of operators) if (!members.has(user)) operators.delete(user);
          } else if (each.type === 'RoomOperators') {
            operators.clear();
            for (const user of each.usernames) operators.add(user);
          } else if (!('username' in each)) throw new Error(each.type);
          else if (each.type === 'AddRoomMember') members.add(each.username);
          else if (each.type === 'AddRoomOperator') operators.add(each.username);
          else {
            operators.delete(each.username);
            if (each.type === 'RemoveRoomMember') members.delete(each.username);
          }
          for (const user of operators) members.add(user);
          members.delete('own');
          operators.delete('own');
          link.says(each);
          for (const [name, event] of take()) {
            if (name !== 'room.member' && name !== 'room.operator') continue;
            const { user, change } = event as { user: string; change: string };
            expect(replay[name].has(user)).toBe(change === 'removed');
            if (change === 'added') replay[name].add(user);
            else replay[name].delete(user);
          }
          const snapshot = rooms.get('den')!;
          expect([...snapshot.members].sort()).toEqual([...members].sort());
          expect([...snapshot.operators].sort()).toEqual([...operators].sort());
          expect([...replay['room.member']].sort()).toEqual([...members].sort());
          expect([...replay['room.operator']].sort()).toEqual([...operators].sort());
          expect(snapshot.standing).toBe('operator');
        }
      }),
    );
  });
});
