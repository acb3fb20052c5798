import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeDistributedMessage, FrameSplitter, isRelayable } from '../../protocol/index.ts';
import { RelayRun } from './relay-run.ts';

const search = fc
  .record({
    identifier: fc.constantFrom(49, 49, 49, 48, 305),
    username: fc.string({ maxLength: 12 }),
    token: fc.nat(),
    query: fc.string({ maxLength: 40 }),
    more: fc.uint8Array({ maxLength: 3 }),
  })
  .map(({ more, ...fields }) => {
    const frame = Buffer.concat([encodeDistributedMessage({ type: 'DistribSearch', ...fields }), more]);
    frame.writeUInt32LE(frame.length - 4, 0);
    return frame;
  });
const other = fc.constantFrom(
  Buffer.from(encodeDistributedMessage({ type: 'DistribBranchLevel', level: 3 })),
  Buffer.from([1, 0, 0, 0, 3]),
  Buffer.from([0, 0, 0, 0]),
);
const stream = fc
  .tuple(
    fc.array(fc.oneof({ weight: 6, arbitrary: search }, { weight: 1, arbitrary: other }), { maxLength: 8 }),
    // A byte changed somewhere, and an end anywhere.
    fc.option(fc.tuple(fc.nat(300), fc.integer({ min: 0, max: 255 }))),
    fc.nat(40),
  )
  .map(([frames, change, missing]) => {
    const bytes = Buffer.concat(frames);
    if (change && change[0] < bytes.length) bytes[change[0]] = change[1];
    return bytes.subarray(0, Math.max(0, bytes.length - missing));
  });

it('finds the same as reading frame by frame', () => {
  fc.assert(
    fc.property(stream, fc.nat(5), (bytes, before) => {
      const whole = Buffer.concat([Buffer.alloc(before, 7), bytes, Buffer.alloc(9, 3)]);
      const run = new RelayRun();
      const end = run.find(whole, before, before + bytes.length);
      let expected = 0;
      let count = 0;
      const splitter = new FrameSplitter('distributed');
      splitter.push(bytes);
      while (splitter.advance() === 'frame' && isRelayable(splitter.source, splitter.start, splitter.end)) {
        expected = splitter.end;
        count++;
      }
      expect(end - before).toBe(expected);
      expect(run.count).toBe(count);
    }),
    { numRuns: 2000 },
  );
});

it('refuses what is longer than a distributed frame may be', () => {
  const long = encodeDistributedMessage({
    type: 'DistribSearch',
    identifier: 49,
    username: 'u',
    token: 1,
    query: 'x'.repeat(16_384),
  });
  expect(new RelayRun().find(Buffer.from(long), 0, long.length)).toBe(0);
});
