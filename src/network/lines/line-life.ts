import type { LinePriority } from '../ports.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * How long a line waits for its turn unless it says otherwise, milliseconds. In a room the talk moves on, and
 * nobody wants an answer to what was said minutes ago; a private line is read whenever the user looks.
 */
export const LINE_LIFE_MS: Readonly<Record<'room' | 'private', Readonly<Record<LinePriority, number>>>> = {
  room: { moderation: 10 * MINUTE, reply: 2 * MINUTE, ordinary: 10 * MINUTE, bulk: 30 * MINUTE },
  private: { moderation: 24 * HOUR, reply: 10 * MINUTE, ordinary: 24 * HOUR, bulk: 24 * HOUR },
};
