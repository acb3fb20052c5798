import { PluginError } from '../../../plugins/api/errors.ts';
import { nearestKey } from '../../../plugins/api/schema/nearest-key.ts';
import type { WishFilter } from '../../../plugins/api/wishlist.ts';
import { extensionsOf, FILE_CLASSES } from '../content/file-class.ts';
import { wordLine } from '../content/fold.ts';

/** Seconds. */
export const DEFAULT_DURATION_TOLERANCE = 5;

/** Most that one filter may hold. */
export const FILTER_LIMITS = {
  /** Words or phrases in one list. */
  words: 50,
  /** Characters of a word or phrase. */
  wordLength: 100,
  /** Regular expressions in one list. */
  patterns: 20,
  /** Characters of a regular expression. */
  patternLength: 300,
  /** Extensions. */
  ext: 100,
  /** Users in one list. */
  users: 1000,
  /** Seconds. */
  duration: 604_800,
  /** Files of a folder. */
  folderFiles: 1000,
} as const;

/** Every condition, in the order in which people read of them. */
export const FILTER_KEYS = [
  'path',
  'name',
  'patterns',
  'notPatterns',
  'class',
  'ext',
  'minSize',
  'maxSize',
  'minBitrate',
  'maxBitrate',
  'vbr',
  'minSampleRate',
  'minBitDepth',
  'minDuration',
  'maxDuration',
  'duration',
  'durationTolerance',
  'minFolderFiles',
  'freeSlot',
  'maxQueue',
  'minSpeed',
  'locked',
  'verified',
  'users',
  'notUsers',
] as const satisfies readonly (keyof WishFilter)[];

type Given = Readonly<Record<string, unknown>>;

/**
 * Checks what the conditions of a search do not check themselves. The types may lie: a plugin can be JavaScript.
 * @throws PluginError `invalid`, with a sentence about the first mistake.
 */
export function checkFilter(filter: WishFilter): void {
  const given = keysOf(filter, FILTER_KEYS, 'the filter');
  for (const where of ['path', 'name'] as const) {
    if (given[where] !== undefined) checkWords(given[where], where);
  }
  texts(given['patterns'], 'patterns', FILTER_LIMITS.patterns, FILTER_LIMITS.patternLength);
  texts(given['notPatterns'], 'notPatterns', FILTER_LIMITS.patterns, FILTER_LIMITS.patternLength);
  texts(given['ext'], 'ext', FILTER_LIMITS.ext, 17);
  texts(given['users'], 'users', FILTER_LIMITS.users, 100);
  if (!isEmpty(given['notUsers'])) texts(given['notUsers'], 'notUsers', FILTER_LIMITS.users, 100);
  checkClass(given['class']);
  if (given['vbr'] !== undefined && typeof given['vbr'] !== 'boolean')
    throw invalid('vbr must be true or false');
  number(given, 'duration', 1, FILTER_LIMITS.duration);
  number(given, 'durationTolerance', 0, FILTER_LIMITS.duration);
  number(given, 'minFolderFiles', 1, FILTER_LIMITS.folderFiles);
  if (given['minFolderFiles'] !== undefined && !Number.isInteger(given['minFolderFiles']))
    throw invalid('minFolderFiles must be a whole number');
  if (given['durationTolerance'] !== undefined && given['duration'] === undefined)
    throw invalid('durationTolerance does nothing without duration');
  checkAgainstItself(filter);
}

/** What a list of no words would do. */
const WHEN_EMPTY: Readonly<Record<string, string>> = {
  must: 'match everything',
  any: 'match nothing',
  not: 'exclude nothing',
};

function checkWords(value: unknown, where: 'path' | 'name'): void {
  const { words: most, wordLength } = FILTER_LIMITS;
  const given = keysOf(value, ['must', 'any', 'not'], where);
  if (Object.keys(given).length === 0)
    throw invalid(`${where} is empty; give it must, any or not, or leave it out`);
  for (const [key, list] of Object.entries(given)) {
    const what = `${where}.${key}`;
    const entries = texts(list, what, most, wordLength, WHEN_EMPTY[key]);
    const hollow = entries.find((entry) => wordLine(entry) === ' ');
    if (hollow !== undefined)
      throw invalid(
        `${what}: ${JSON.stringify(hollow)} has no letter or digit and would be in every ${where}`,
      );
  }
}

function checkClass(value: unknown): void {
  if (value === undefined) return;
  for (const entry of texts(value, 'class', FILE_CLASSES.length, 20)) {
    if (!FILE_CLASSES.some((name) => name === entry))
      throw invalid(
        `there is no class ${JSON.stringify(entry)}${hint(entry, FILE_CLASSES)}; there are ${FILE_CLASSES.join(', ')}`,
      );
  }
}

/** What nothing could pass is a mistake, and waiting for it for years would be unkind. */
function checkAgainstItself(filter: WishFilter): void {
  for (const [min, max] of [
    ['minSize', 'maxSize'],
    ['minBitrate', 'maxBitrate'],
    ['minDuration', 'maxDuration'],
  ] as const) {
    const [least, most] = [filter[min], filter[max]];
    if (least !== undefined && most !== undefined && least > most)
      throw invalid(`${min} (${least}) is above ${max} (${most}): nothing could pass`);
  }
  const {
    duration,
    durationTolerance = DEFAULT_DURATION_TOLERANCE,
    minDuration = 0,
    maxDuration = Infinity,
  } = filter;
  if (
    duration !== undefined &&
    (duration + durationTolerance < minDuration || duration - durationTolerance > maxDuration)
  ) {
    throw invalid(
      `no duration is within ${durationTolerance} s of duration (${duration}) and from minDuration to maxDuration: nothing could pass`,
    );
  }
  const { users, notUsers, ext, class: classes } = filter;
  if (users?.every((user) => notUsers?.includes(user)))
    throw invalid('every one of users is in notUsers too: nothing could pass');
  if (ext && classes) {
    const known = new Set(classes.flatMap(extensionsOf));
    if (!ext.some((entry) => known.has(entry.toLowerCase().replace(/^\./u, ''))))
      throw invalid(`no extension of ext is ${classes.join(' or ')}: nothing could pass`);
  }
  for (const where of ['path', 'name'] as const) {
    const not = new Map(filter[where]?.not?.map((entry) => [wordLine(entry), entry]));
    const clash = filter[where]?.must?.find((entry) =>
      [...not.keys()].some((line) => wordLine(entry).includes(line)),
    );
    if (clash !== undefined)
      throw invalid(`${where} both wants and excludes ${JSON.stringify(clash)}: nothing could pass`);
  }
}

function keysOf(value: unknown, known: readonly string[], what: string): Given {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${what} must be an object`);
  for (const [key, entry] of Object.entries(value)) {
    if (!known.includes(key)) throw invalid(`${what} takes no ${JSON.stringify(key)}${hint(key, known)}`);
    if (entry === undefined) throw invalid(`${key} must not be undefined; leave it out`);
  }
  return value as Given;
}

function texts(
  value: unknown,
  what: string,
  most: number,
  length: number,
  empty = 'match nothing',
): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string'))
    throw invalid(`${what} must be a list of texts`);
  if (value.length === 0) throw invalid(`${what} is empty and would ${empty}; leave it out`);
  if (value.length > most) throw invalid(`${what} has ${value.length} entries; ${most} are allowed`);
  const long = value.find((entry) => entry.length > length);
  if (long !== undefined)
    throw invalid(
      `${what}: ${JSON.stringify(`${long.slice(0, 20)}…`)} has ${long.length} characters; ${length} are allowed`,
    );
  return value;
}

function number(given: Given, key: string, least: number, most: number): void {
  const value = given[key];
  if (value !== undefined && !(typeof value === 'number' && value >= least && value <= most))
    throw invalid(`${key} must be a number from ${least} to ${most}`);
}

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function hint(given: string, known: readonly string[]): string {
  const nearest = nearestKey(given, known);
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}

const invalid = (message: string): PluginError => new PluginError('invalid', message);
