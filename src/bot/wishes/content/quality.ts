import type { SearchHit } from '../../../plugins/api/search.ts';
import { bitrateOf, vbrOf } from './bitrate.ts';
import { classOf } from './file-class.ts';

/** What a kbit of a codec is worth against one of MP3, roughly as listening tests have it. */
const WORTH: Readonly<Record<string, number>> = {
  opus: 1.6,
  ogg: 1.25,
  oga: 1.25,
  m4a: 1.25,
  aac: 1.25,
  mpc: 1.25,
  wma: 0.9,
  mp2: 0.8,
};

/** A VBR file of the same average spends its bits where they count. */
const VBR_WORTH = 1.15;

/** What an MP3 of 320 kbit/s gets, and more bits of a lossy file do not add. */
const BEST_LOSSY = 75;

const LOSSLESS = 80;

/** Of what is no audio, and of audio that says nothing. */
const UNKNOWN = 50;
const UNKNOWN_LOSSY = 30;

/**
 * How good a file is, from 0 to 100, so that two can be compared. Lossless: 80, 10 more from 24 bit, 10 more from
 * 88.2 kHz. Lossy: 75 for what is worth 320 kbit/s of MP3 or more, in proportion below; 30 when nobody says. Other
 * files: 50.
 */
export function quality(hit: SearchHit): number {
  const kind = classOf(hit.extension);
  if (kind === 'lossless') {
    const { bitDepth = 16, sampleRate = 44_100 } = hit.attributes;
    return LOSSLESS + (bitDepth >= 24 ? 10 : 0) + (sampleRate >= 88_200 ? 10 : 0);
  }
  if (kind !== 'lossy') return UNKNOWN;
  const bitrate = bitrateOf(hit);
  if (bitrate === undefined || bitrate === 0) return UNKNOWN_LOSSY;
  const worth = bitrate * (WORTH[hit.extension] ?? 1) * (vbrOf(hit) === true ? VBR_WORTH : 1);
  return Math.round(Math.min(1, worth / 320) * BEST_LOSSY);
}

/** A {@link quality} of audio as people speak of it. */
export function qualityInWords(value: number): string {
  if (value > LOSSLESS) return 'lossless, high resolution';
  return value === LOSSLESS ? 'lossless' : `like MP3 of ${Math.round((value / BEST_LOSSY) * 320)} kbit/s`;
}
