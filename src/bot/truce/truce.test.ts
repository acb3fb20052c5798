import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { isAutomatic } from './automatic.ts';
import { Truce } from './truce.ts';

const START = 1_000_000;

function makeTruce(options: { rounds?: number; knownBots?: string[] } = {}) {
  const clock = new VirtualClock();
  const truce = new Truce({
    clock,
    knownBots: options.knownBots ?? [],
    rounds: options.rounds ?? 2,
    isOwner: (user) => user === 'boss',
    isCommand: (text) => text.startsWith('!'),
  });
  return { truce, clock };
}

interface Turn {
  /** From our answer to their line, in milliseconds. */
  readonly gap: number;
  readonly text: string;
}

/** Plays lines of somebody whom we answer after `latency`, as long as we may. @returns how many were answered. */
function play(turns: readonly Turn[], latency = 100, rounds = 2, user = 'al'): number {
  const { truce } = makeTruce({ rounds });
  let at = START;
  let answered = 0;
  for (const { gap, text } of turns) {
    at += gap;
    if (truce.hear({ user, text, at, room: 'indie', replayed: false }) !== undefined) continue;
    answered++;
    at += latency;
    truce.said(user, 'indie', `answer number ${answered} to you`, at);
  }
  return answered;
}

const repeat = (count: number, turn: (index: number) => Turn) =>
  Array.from({ length: count }, (_, i) => turn(i));

describe('bots', () => {
  it.each([
    ['that answer at once', (i: number) => ({ gap: 50, text: `${i * 7}` })],
    [
      'that take their time to say much',
      (i: number) => ({ gap: 1500 + i * 90, text: `Sorry, ${'xyzw'.repeat(12)} ${i}` }),
    ],
    [
      'that use a template',
      (i: number) => ({ gap: 9000 + i * 700, text: `I am away now, back in ${i} minutes` }),
    ],
    ['that repeat us', (i: number) => ({ gap: 6000 + i * 350, text: `why answer number ${i} to you?` })],
    ['that send commands at once', (i: number) => ({ gap: 120, text: `!seen ${i}` })],
  ])('%s get two answers', (_, turn) => {
    expect(play(repeat(5, turn))).toBe(2);
  });

  it('get as many answers as the config says, and without end when it says 0', () => {
    expect(
      play(
        repeat(10, (i) => ({ gap: 10, text: `${i}` })),
        100,
        5,
      ),
    ).toBe(5);
    expect(
      play(
        repeat(50, (i) => ({ gap: 10, text: `${i}` })),
        100,
        0,
      ),
    ).toBe(50);
  });

  it('that pass for people end too, later', () => {
    const turns = repeat(30, (i) => ({ gap: 2500 + ((i * 977) % 1500), text: `${'abcdefgh'[i % 8]}${i}` }));
    expect(play(turns)).toBe(20);
  });

  it('that send several lines for each of ours are no better off', () => {
    const { truce } = makeTruce();
    let at = START;
    let answered = 0;
    for (let round = 0; round < 6; round++) {
      for (let line = 0; line < 3; line++) {
        at += 60;
        const silence = truce.hear({ user: 'otto', text: `${round}${line}`, at, replayed: false });
        if (silence !== undefined || line < 2) continue;
        answered++;
        truce.said('otto', undefined, 'well', at + 10);
      }
    }
    expect(answered).toBe(2);
  });

  it('rest longer when they begin again', async () => {
    const { truce, clock } = makeTruce();
    const until = (): number => {
      let at = clock.now();
      for (let i = 0; i < 5; i++) {
        at += 50;
        const silence = truce.hear({ user: 'otto', text: `${i}`, at, replayed: false });
        if (silence !== undefined) return Number(/(\d+) s more/.exec(silence.reason)![1]);
        truce.said('otto', undefined, 'yes', at);
      }
      return 0;
    };
    expect(until()).toBe(60);
    await clock.advance(61_000);
    expect(until()).toBe(300);
    await clock.advance(301_000);
    expect(until()).toBe(1800);
    await clock.advance(2 * 3_600_000);
    expect(until()).toBe(60);
  });
});

describe('people', () => {
  it.each([
    [
      'who roll dice as fast as they find the key',
      (i: number) => ({ gap: 500 + ((i * 131) % 400), text: '!roll' }),
    ],
    [
      'who ask for one name after the other',
      (i: number) => ({ gap: 1300 + ((i * 377) % 900), text: `!seen ${['bob', 'al', 'meg'][i % 3]}` }),
    ],
    [
      'who are good at trivia',
      (i: number) => ({ gap: 1400 + ((i * 613) % 1600), text: ['paris', 'rome', 'oslo', '1984'][i % 4]! }),
    ],
    [
      'who talk',
      (i: number) => ({ gap: 4000 + i * 500, text: `I think that is fine ${'so it is '.repeat(i % 4)}` }),
    ],
  ])('%s get every answer', (_, turn) => {
    expect(play(repeat(15, turn))).toBe(15);
  });

  it('who paste a line now and then, or are quick once, are not taken for bots', () => {
    const turns = repeat(16, (i) =>
      i % 3 === 0 ? { gap: 200, text: '!a' } : { gap: 2500, text: `!find ${i}` },
    );
    expect(play(turns)).toBe(16);
  });

  it('who do not wait for answers are not reacting to them', () => {
    const { truce } = makeTruce();
    const silences: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      const at = START + i * 700;
      silences.push(truce.hear({ user: 'al', text: '!roll', at, room: 'indie', replayed: false }));
      // The governor lets one out every three seconds.
      if (i % 4 === 0) truce.said('al', 'indie', 'four', at + 650);
    }
    expect(silences.filter((silence) => silence !== undefined).length).toBeLessThanOrEqual(0);
  });

  it('at any pace of typing get at least the first twenty answers', () => {
    const turn = fc.record({
      think: fc.integer({ min: 600, max: 8000 }),
      length: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(turn, { minLength: 1, maxLength: 19 }), (turns) => {
        // Ten letters a second is faster than almost everybody.
        const lines = turns.map(({ think, length }, index) => ({
          gap: think + length * 100,
          text: `!${String.fromCharCode(97 + (index % 26)).repeat(length)}`,
        }));
        return play(lines) === lines.length;
      }),
    );
  });
});

describe('what is never answered', () => {
  it.each([
    '[Automatic Message] File not shared',
    '[Auto-Message] I am away',
    '[auto reply] gone',
    'Auto-Reply: gone fishing',
    '(Automated response) hello',
    ' <auto message> x',
    '*automatic reply* x',
    'AUTOREPLY - back soon',
  ])('is marked automatic: %s', (text) => expect(isAutomatic(text)).toBe(true));

  it.each([
    'auto reply is broken',
    'automatic',
    'my automatic message says so',
    'autobahn: yes',
    '!auto-reply',
    '',
  ])('is not: %s', (text) => expect(isAutomatic(text)).toBe(false));

  it('holds for the one line only', () => {
    const { truce, clock } = makeTruce();
    const at = clock.now();
    expect(truce.hear({ user: 'al', text: '[Auto-Message] x', at, replayed: false })?.kind).toBe('automatic');
    expect(truce.mayNotAnswer('al', undefined)?.kind).toBe('automatic');
    expect(truce.mayNotSay('private', 'al')?.kind).toBe('automatic');
    expect(truce.mayNotAnswer('al', 'indie')).toBeUndefined();
    expect(truce.hear({ user: 'al', text: 'I am back', at: at + 60_000, replayed: false })).toBeUndefined();
    expect(truce.mayNotAnswer('al', undefined)).toBeUndefined();
  });

  it('does not keep plugins from writing to known bots on their own account', () => {
    const { truce, clock } = makeTruce({ knownBots: ['otto'] });
    truce.hear({ user: 'otto', text: '!seen al', at: clock.now(), room: 'indie', replayed: false });
    expect(truce.mayNotAnswer('otto', 'indie')?.kind).toBe('known-bot');
    expect(truce.mayNotSay('room', 'indie')).toBeUndefined();
    expect(truce.mayNotSay('private', 'otto')).toBeUndefined();
    expect(truce.mayNotAnswer('Otto', 'indie')).toBeUndefined();
  });
});

it('forgets those whom it has not heard of for long', () => {
  const { truce, clock } = makeTruce();
  for (let i = 0; i < 20_000; i++) truce.hear({ user: `u${i}`, text: 'x', at: clock.now(), replayed: false });
  expect(truce.mayNotAnswer('u1', undefined)).toBeUndefined();
});
