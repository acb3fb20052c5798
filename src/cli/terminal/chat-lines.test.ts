import { describe, expect, it } from 'vitest';
import { ChatLines } from './chat-lines.ts';
import { paintFor } from './paint.ts';

const at = new Date(2026, 0, 2, 3, 4, 5).getTime();

describe('ChatLines', () => {
  const plain = new ChatLines(paintFor({}, {}));

  it('writes room lines, actions, private lines and notes', () => {
    expect(plain.room(at, 'lobby', 'alice', 'hi')).toBe('03:04:05 #lobby alice: hi');
    expect(plain.room(at, 'lobby', 'alice', '/me waves')).toBe('03:04:05 #lobby * alice waves');
    expect(plain.private(at, 'alice', 'bot', 'psst')).toBe('03:04:05 private alice → bot: psst');
    expect(plain.note(at, 'bob left')).toBe('03:04:05 · bob left');
  });

  it('never lets a stranger write to the terminal', () => {
    expect(plain.room(at, 'l\u001b[2J', 'a\nb', '\u001b]0;x\u0007')).not.toMatch(/\p{Cc}/u);
  });

  it('colours for a terminal, and not when told NO_COLOR', () => {
    const painted = new ChatLines(paintFor({ isTTY: true }, {}));
    expect(painted.room(at, 'lobby', 'alice', 'hi')).toContain('\u001b[');
    const refused = new ChatLines(paintFor({ isTTY: true }, { NO_COLOR: '1' }));
    expect(refused.room(at, 'lobby', 'alice', 'hi')).not.toContain('\u001b[');
  });
});
