import * as z from 'zod';
import { DEFAULT_WEIGHTS } from '../wishes/ranking/weights.ts';
import { duration, integer, scalar, Wrong } from './scalar.ts';

const SECOND = 1_000;
const DAY = 86_400_000;

const weight = scalar({ type: 'number', minimum: 0, maximum: 1000 }, (value) =>
  typeof value === 'number' && value >= 0 && value <= 1000
    ? value
    : new Wrong('expected a number from 0 to 1000'),
);

const WEIGHTS: Readonly<Record<keyof typeof DEFAULT_WEIGHTS, string>> = {
  quality: 'Bitrate, or lossless.',
  slot: 'That its owner could send it at once.',
  completeness: 'How much of its folder passed.',
  similarity: 'How alike its path and the query are.',
  speed: "Its owner's speed.",
  queue: 'How few wait at its owner.',
  experience: 'How downloads from its owner went.',
};

function section<T extends z.core.$ZodShape>(about: string, shape: T) {
  return z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description: about });
}

/** `wishes:` as it is written. */
export const wishesSchema = section('Searches that go on for years.', {
  settle: duration(SECOND, 600 * SECOND)
    .prefault('15s')
    .meta({ description: 'How long after the first of some results they are looked at together.' }),
  results: section('What one turn of a wish may bring.', {
    'per-user': integer(1, 500).prefault(100).meta({ description: 'Finds of one user.' }),
    'per-wish': integer(1, 10_000).prefault(1_000).meta({ description: 'Finds in all.' }),
    total: integer(100, 1_000_000)
      .prefault(20_000)
      .meta({ description: 'Results of all wishes that wait to be looked at, at most.' }),
  }),
  memory: section('What was seen, so that nothing is told twice.', {
    keep: duration(DAY, 3650 * DAY)
      .prefault('365d')
      .meta({ description: 'How long something is remembered after it was last seen.' }),
    'per-wish': integer(1_000, 1_000_000).prefault(20_000).meta({
      description: 'Files, folders and contents that one wish remembers; then the oldest are forgotten.',
    }),
  }),
  profiles: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .prefault({})
    .meta({ description: 'Filters by name, which wishes refer to: the keys of filter in bot.wishlist.' }),
  weights: section('What counts how much for the score of a find. Only how they compare matters.', {
    ...Object.fromEntries(
      Object.entries(DEFAULT_WEIGHTS).map(([name, standard]) => [
        name,
        weight.prefault(standard).meta({ description: WEIGHTS[name as keyof typeof WEIGHTS] }),
      ]),
    ),
  }),
});

export type RawWishes = z.output<typeof wishesSchema>;
