import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactText, storedText } from './exact-text.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('\0', '\u0001', '\ud800', '"', '\\', 'a') }),
);

it('gives every text back exactly', () => {
  fc.assert(fc.property(anyText, (text) => exactText(storedText(text)) === text));
});

it('never stores what a database would change', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const stored = storedText(text);
      expect(stored).not.toContain('\0');
      expect(Buffer.from(stored).toString()).toBe(stored);
    }),
  );
});

it('leaves ordinary text readable', () => {
  expect(storedText('héllo "you" \\o/ 🎵')).toBe('héllo "you" \\o/ 🎵');
});
