import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRecording, type RecordedEntry, recordingHead, roomsIn } from './recording.ts';

const head = recordingHead(Date.UTC(2026, 0, 1));
const say = (at: number) => JSON.stringify({ at, act: 'say', user: 'user1', room: 'room1', text: 'hi' });

const user = fc.string();
const act = fc.oneof(
  fc.record({
    act: fc.constantFrom('say' as const, 'ticker' as const),
    user,
    room: fc.string(),
    text: fc.string(),
  }),
  fc.record({ act: fc.constantFrom('join' as const, 'leave' as const), user, room: fc.string() }),
  fc.record({ act: fc.constant('pm' as const), user, text: fc.string() }),
  fc.record({
    act: fc.constant('status' as const),
    user,
    status: fc.constantFrom('online' as const, 'away' as const, 'offline' as const),
  }),
);

it('reads what was written', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), act)), (acts) => {
      const entries = acts.sort(([a], [b]) => a - b).map(([at, one]): RecordedEntry => ({ at, ...one }));
      const text = [head, ...entries.map((entry) => JSON.stringify(entry))].join('\n');
      expect(parseRecording(text)).toEqual({ began: Date.UTC(2026, 0, 1), entries });
    }),
  );
});

it('names the rooms', () => {
  expect(roomsIn(parseRecording([head, say(1), say(2), ''].join('\n')))).toEqual(['room1']);
});

it.each([
  ['', 'Line 1'],
  ['{}', 'not a recording'],
  [head.replace(':1,', ':2,'), 'not a recording'],
  [head.replace('2026', 'never'), 'when it began'],
  [`${head}\nnonsense`, 'Line 2'],
  [`${head}\n${say(5)}\n${say(4)}`, 'Line 3 of the recording is earlier'],
  [`${head}\n{"at":-1,"act":"pm","user":"a","text":""}`, 'Line 2'],
  [`${head}\n{"at":1,"act":"pm","user":"a"}`, 'Line 2'],
  [`${head}\n{"at":1,"act":"dance","user":"a"}`, 'no act that this version knows'],
  [`${head}\n{"at":1,"act":"status","user":"a","status":"gone"}`, 'Line 2'],
])('refuses %j', (text, why) => {
  expect(() => parseRecording(text)).toThrow(why);
});
