import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

describe('printable', () => {
  it('disarms escape sequences, line breaks and direction marks', () => {
    expect(printable('\u001b]0;owned\u0007hi\r\n\u202ereversed\u009b31m')).toBe(
      '␛]0;owned␇hi␍␊�reversed�31m',
    );
  });

  it("leaves people's writing alone", () => {
    for (const text of ['hello', 'Björk', '片仮名', '🎵 mixtape', 'مرحبا'])
      expect(printable(text)).toBe(text);
  });

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(/\p{Cc}/u.test(printable(text))).toBe(false);
      }),
    );
  });
});
