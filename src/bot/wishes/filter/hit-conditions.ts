import { compileFilter } from '../../../network/search/filter.ts';
import { SearchError } from '../../../network/search/search-error.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import type { SearchFilter, SearchHit } from '../../../plugins/api/search.ts';
import type { WishFilter } from '../../../plugins/api/wishlist.ts';
import { bitrateOf, vbrOf } from '../content/bitrate.ts';
import { classOf } from '../content/file-class.ts';
import { DEFAULT_DURATION_TOLERANCE } from './check-filter.ts';
import type { Condition } from './condition.ts';
import { bytes, kBs, kbits, kHz, plain, seconds } from './units.ts';

/** A number of a hit with its bounds: what it is called and how it is shown. */
interface Measure {
  readonly about: string;
  readonly show: (value: number) => string;
  readonly value: (hit: SearchHit) => number | undefined;
}

const size: Measure = { about: 'size', show: bytes, value: (hit) => hit.size };
const bitrate: Measure = { about: 'bitrate', show: kbits, value: bitrateOf };
const duration: Measure = { about: 'duration', show: seconds, value: (hit) => hit.attributes.duration };

/** In the order in which they are asked. */
const MEASURES = {
  maxQueue: { about: 'queue', show: plain, value: (hit) => hit.queueLength },
  minSpeed: { about: 'speed', show: kBs, value: (hit) => hit.speed },
  minSize: size,
  maxSize: size,
  minBitrate: bitrate,
  maxBitrate: bitrate,
  minDuration: duration,
  maxDuration: duration,
  minSampleRate: { about: 'sample rate', show: kHz, value: (hit) => hit.attributes.sampleRate },
  minBitDepth: { about: 'bit depth', show: plain, value: (hit) => hit.attributes.bitDepth },
} as const satisfies Partial<Record<keyof SearchFilter, Measure>>;

/** The conditions on everything but words and patterns; those of a search are the search's own ({@link compileFilter}). */
export function hitConditions(filter: WishFilter): readonly Condition[] {
  return [...ownerConditions(filter), ...measureConditions(filter), ...kindConditions(filter)];
}

/** Whether anything of a user can pass. */
export function userTest({
  users,
  notUsers,
  verified,
}: WishFilter): (user: string, verified: boolean) => boolean {
  const test = compiled({
    ...(users && { users }),
    ...(notUsers && { notUsers }),
    ...(verified !== undefined && { verified }),
  });
  return (user, isVerified) => test.user(user, isVerified);
}

function ownerConditions({ users, notUsers, verified, locked, freeSlot }: WishFilter): readonly Condition[] {
  const conditions: Condition[] = [];
  const user = (
    key: 'users' | 'notUsers' | 'verified',
    filter: SearchFilter,
    detail: (hit: SearchHit) => string,
  ) => {
    const test = compiled(filter);
    conditions.push({
      filter: key,
      failure: ({ hit }) => (test.user(hit.user, hit.verified) ? undefined : detail(hit)),
    });
  };
  if (notUsers) user('notUsers', { notUsers }, (hit) => `${JSON.stringify(hit.user)} is not wanted`);
  if (users) user('users', { users }, (hit) => `${JSON.stringify(hit.user)} is none of the users asked for`);
  if (verified) user('verified', { verified }, () => 'it is not proven that this user answered');
  if (locked !== undefined) {
    conditions.push(
      of('locked', { locked }, (hit) => (hit.locked ? 'the file is locked' : 'the file is not locked')),
    );
  }
  if (freeSlot !== undefined)
    conditions.push(of('freeSlot', { freeSlot }, () => 'the user has no free slot'));
  return conditions;
}

function measureConditions(filter: WishFilter): readonly Condition[] {
  return (Object.keys(MEASURES) as (keyof typeof MEASURES)[]).flatMap((key) => {
    const bound = filter[key];
    if (bound === undefined) return [];
    const { about, show, value }: Measure = MEASURES[key];
    const wanted = `${key.startsWith('min') ? 'at least' : 'at most'} ${show(bound)} is wanted`;
    return of(key, { [key]: bound }, (hit) => {
      const given = value(hit);
      return given === undefined ? unsaid(about) : `${about} ${show(given)}, ${wanted}`;
    });
  });
}

function kindConditions(filter: WishFilter): readonly Condition[] {
  const conditions: Condition[] = [];
  const { ext, vbr, duration: wanted, durationTolerance: tolerance = DEFAULT_DURATION_TOLERANCE } = filter;
  if (ext) conditions.push(of('ext', { ext }, (hit) => `extension ${JSON.stringify(hit.extension)}`));
  if (filter.class) {
    const classes = new Set(filter.class);
    conditions.push({
      filter: 'class',
      failure({ hit: { extension } }) {
        const kind = classOf(extension);
        if (kind !== undefined && (classes.has(kind) || (isAudio(kind) && classes.has('audio'))))
          return undefined;
        return `${JSON.stringify(extension)} is ${kind ?? 'of no class'}, wanted is ${[...classes].join(' or ')}`;
      },
    });
  }
  if (vbr !== undefined) {
    conditions.push({
      filter: 'vbr',
      failure({ hit }) {
        const given = vbrOf(hit);
        if (given === vbr) return undefined;
        return given === undefined
          ? unsaid('whether the bitrate varies')
          : `the bitrate ${given ? 'varies' : 'is constant'}`;
      },
    });
  }
  if (wanted !== undefined) {
    conditions.push({
      filter: 'duration',
      failure({ hit: { attributes } }) {
        const given = attributes.duration;
        if (given === undefined) return unsaid('duration');
        if (Math.abs(given - wanted) <= tolerance) return undefined;
        return `duration ${seconds(given)}, ${seconds(wanted)} ± ${seconds(tolerance)} is wanted`;
      },
    });
  }
  return conditions;
}

const isAudio = (kind: string): boolean => kind === 'lossless' || kind === 'lossy';

const unsaid = (about: string): string => `the owner does not say: ${about}`;

/** A condition of {@link SearchFilter}. */
function of(key: keyof SearchFilter, filter: SearchFilter, detail: (hit: SearchHit) => string): Condition {
  const test = compiled(filter);
  const fill = key === 'minBitrate' || key === 'maxBitrate';
  return {
    filter: key,
    failure: ({ hit }) => (test.hit(fill ? withBitrate(hit) : hit) ? undefined : detail(hit)),
  };
}

/** A name like `[V0]` says the bitrate where the owner does not. */
function withBitrate(hit: SearchHit): SearchHit {
  if (hit.attributes.bitrate !== undefined) return hit;
  const named = bitrateOf(hit);
  return named === undefined ? hit : { ...hit, attributes: { ...hit.attributes, bitrate: named } };
}

function compiled(filter: SearchFilter) {
  try {
    return compileFilter(filter);
  } catch (cause) {
    if (cause instanceof SearchError) throw new PluginError('invalid', cause.message, { cause });
    throw cause;
  }
}
