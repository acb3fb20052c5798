import { expect, it } from 'vitest';
import type { JoinResult } from '../../network/rooms/join-result.ts';
import { nullLog } from '../../platform/null-log.ts';
import { RoomsEntry } from './rooms-entry.ts';

/** A network that lets nobody in until it is told otherwise. */
function network() {
  const handlers = new Map<string, (value: never) => void>();
  const asked: string[] = [];
  let answer: JoinResult = { state: 'refused', code: 'private', reason: 'registered as private' } as never;
  const entry = new RoomsEntry(
    {
      rooms: {
        join: async (name) => {
          asked.push(name);
          return answer;
        },
      },
      on: (event, handler) => {
        handlers.set(event, handler);
        return () => {};
      },
    },
    [{ name: 'den', private: true }],
    nullLog,
  );
  const tell = (event: string, value: object) => handlers.get(event)?.(value as never);
  return {
    entry,
    asked,
    tell,
    open: () => {
      answer = { state: 'joined', room: { name: 'den', private: true, standing: 'member' } } as never;
    },
  };
}

it('tries again when somebody makes the bot a member of a room that had not let it in', async () => {
  const { entry, asked, tell, open } = network();
  await entry.enter();
  expect(entry.problem('den')).toBe('registered as private');
  open();
  tell('room.standing', { room: 'other', change: 'member', at: 0 });
  tell('room.standing', { room: 'den', change: 'not-member', at: 0 });
  expect(asked).toEqual(['den']);
  tell('room.standing', { room: 'den', change: 'member', at: 0 });
  expect(asked).toEqual(['den', 'den']);
  tell('room.entered', { room: { name: 'den' }, again: false, at: 0 });
  tell('room.standing', { room: 'den', change: 'member', at: 0 });
  expect([entry.problem('den'), asked.length]).toEqual([undefined, 2]);
});
