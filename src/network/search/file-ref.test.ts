import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePeerMessage, encodePeerMessage } from '../../protocol/index.ts';
import { decodeFileRef, encodeFileRef } from './file-ref.ts';

test('any file survives, through JSON too', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
      fc.oneof(
        fc.record({ path: fc.string({ unit: 'binary', minLength: 1 }), latin1: fc.constant(false) }),
        fc.record({
          path: fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
          latin1: fc.constant(true),
        }),
      ),
      fc.maxSafeNat(),
      (user, file, size) => {
        const ref = encodeFileRef({ user, ...file, size });
        expect(decodeFileRef(JSON.parse(JSON.stringify(ref)) as string)).toEqual({ user, ...file, size });
      },
    ),
  );
});

test('the bytes of a name that was no UTF-8 can be sent again', () => {
  const bytes = Buffer.from('music\\caf\xe9\\\x80\xff.mp3', 'latin1');
  const file = decodeFileRef(
    encodeFileRef({ user: 'al', path: bytes.toString('latin1'), latin1: true, size: 1 }),
  );
  const frame = encodePeerMessage({ type: 'QueueUpload', filename: file!.path, latin1: ['filename'] });
  expect(Buffer.from(frame).includes(bytes)).toBe(true);
  expect(decodePeerMessage(frame.subarray(4))).toMatchObject({
    ok: true,
    message: { filename: file!.path, latin1: ['filename'] },
  });
});

test.each([
  '',
  'U',
  'X1:1:ab',
  'U1:9:ab',
  'U1:0:ab',
  'U1:2:ab',
  'U01:1:ab',
  'U9999999999999999:1:ab',
  'L1:1:a€',
  '{}',
])('no ref: %j', (text) => {
  expect(decodeFileRef(text)).toBeUndefined();
});

test('arbitrary text never throws and is a ref only if it is exactly what would be made', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const file = decodeFileRef(text);
      if (file) expect(encodeFileRef(file)).toBe(text);
    }),
  );
});
