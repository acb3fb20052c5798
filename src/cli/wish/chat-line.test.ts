import { expect, it } from 'vitest';
import { chatLine } from './chat-line.ts';

it.each([
  [['list'], 'wish-console list'],
  [['add', 'rare', 'ep', '-live'], 'wish-console add rare ep -live'],
  [
    ['add', 'rare ep', 'not=radio edit', '-live at'],
    'wish-console add "rare ep" not="radio edit" -"live at"',
  ],
  [
    ['add', '"rare ep" live', 'not=live,"radio edit"'],
    'wish-console add "rare ep" live not=live,"radio edit"',
  ],
  [['edit', '3', 'not='], 'wish-console edit 3 not='],
])('writes what would be typed in a chat: %j', (words, line) => {
  expect(chatLine(words)).toBe(line);
});
