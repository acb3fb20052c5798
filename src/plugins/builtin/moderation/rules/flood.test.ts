import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Infer } from '../../../api/index.ts';
import { flood, floodSettings } from './flood.ts';
import { line, run, settings } from './room.test-support.ts';

const usual = settings<Infer<typeof floodSettings>>(floodSettings);
const every = (seconds: number, texts: readonly string[]) => texts.map((text, i) => line(text, i * seconds));
const times = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i));

/** Somebody who types as fast as people do, and sends each thought at once. */
const fast =
  `so|i was listening to it|again|last night|and honestly|the b side|is so much better|like|not even close|lol
|haha|no wait|the third track|with the strings|who played on that|was it her|ok found it|it was her|told you|anyway|gotta go
|dinner|back|that was quick|so|where were we|right the strings|you have the 96 rip|or the remaster|i hate the remaster
|everybody does|except steve|lol|steve likes everything|steve would like a fax machine|recorded on tape|haha|true though`
    .replaceAll('\n', '')
    .split('|');

describe('flood', () => {
  it('leaves alone who sends a long line again because of a mistake in it', () => {
    const long =
      'Paper Lighthouse - The Quiet Tram (1998) [FLAC 24 bit] is the best record of that yaer by far';
    expect(run(flood, usual, every(3, [long, long.replace('yaer', 'year')]))).toEqual([]);
    expect(run(flood, usual, every(1, [long, long, long]))).toHaveLength(1);
  });

  it('sees what is pasted, whatever it is', () => {
    const pasted = every(
      1,
      times(12, (i) => `track ${i}: some artist - some rather long title of a song (${i}:${i * 3})`),
    );
    expect(run(flood, usual, pasted)).toMatchObject([
      { reason: '3 lines within 10s, as much as 10 ordinary ones', points: 2, index: 2 },
    ]);
    const prose = every(
      1,
      times(
        12,
        (i) =>
          `${String.fromCharCode(97 + i).repeat(8)} and ${String.fromCharCode(110 + i).repeat(9)} went home ${i ** 5}`,
      ),
    );
    expect(run(flood, usual, prose).length).toBeGreaterThan(0);
  });

  it('sees the same short thing over and over', () => {
    expect(
      run(
        flood,
        usual,
        every(
          0.3,
          times(30, () => 'k'),
        ),
      ).length,
    ).toBeGreaterThan(0);
    expect(
      run(
        flood,
        usual,
        every(
          0.3,
          times(30, (i) => `hey ${i % 3}`),
        ),
      ).length,
    ).toBeGreaterThan(0);
  });

  it('leaves a fast typist alone', () => {
    let at = 0;
    // Ten characters a second, which is 120 words a minute, and a moment for the return key.
    const typed = fast.map((text) => {
      at += text.length / 10 + 0.2;
      return line(text, at);
    });
    expect(run(flood, usual, typed)).toEqual([]);
  });

  it('leaves a heated argument alone', () => {
    const argument = [
      ['al', 'no, that is simply wrong and you know it'],
      ['bo', 'oh I know it? please tell me more about what I know'],
      ['al', 'you said last week that the 1973 pressing is the best'],
      ['bo', 'I said the German one!!'],
      ['al', 'you did not!'],
      ['bo', 'I DID. scroll up. scroll. up.'],
      ['al', 'I cannot scroll up, this room has no history, as you very well know'],
      ['bo', 'convenient'],
      ['al', 'it is not convenient, it is a fact'],
      ['bo', 'a fact like your fact about the German pressing?'],
      ['al', 'there was no fact about the German pressing'],
      ['bo', 'EXACTLY'],
      ['al', 'why do I even talk to you'],
      ['bo', 'because nobody else listens to this stuff'],
      ['al', '...'],
      ['al', 'ok that is true'],
    ].map(([user = '', text = ''], i) => line(text, i * 3, user));
    expect(run(flood, usual, argument)).toEqual([]);
  });

  it('is one objection at a time, also for ten thousand lines in a second', () => {
    const wave = times(10_000, (i) => `x${i}`).map((text, i) => line(text, i / 10_000));
    expect(run(flood, usual, wave.slice(0, 1_000))).toHaveLength(1);
    const steady = every(
      0.5,
      times(200, () => 'buy my thing at the shop, it is a very good thing to buy'),
    );
    const told = run(flood, usual, steady);
    expect(told.length).toBeGreaterThan(7);
    expect(told.length).toBeLessThan(13);
  });

  it('nobody who types can reach it', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{4,9}( [a-z]{2,8}){0,8}$/), {
      minLength: 5,
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 6, max: 12 }), (texts, speed) => {
        let at = 0;
        const typed = texts.map((text) => {
          at += text.length / speed + 0.15;
          return line(text, at);
        });
        expect(run(flood, usual, typed)).toEqual([]);
      }),
    );
  });

  it('more of the same is never less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 100 }), (count, length) => {
        const lines = (n: number) =>
          every(
            0.1,
            times(n, () => 'y'.repeat(length)),
          );
        if (run(flood, usual, lines(count)).length > 0)
          expect(run(flood, usual, lines(count + 1)).length).toBeGreaterThan(0);
      }),
    );
  });
});
