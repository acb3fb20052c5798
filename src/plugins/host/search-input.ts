import { PluginError } from '../api/errors.ts';
import type { FileAttributes, OfferedFile, SearchRequestFilter, SearchScope } from '../api/search.ts';
import { checkKnownKeys } from './known-keys.ts';
import type { WireBatch, WireSearchOptions } from './wire.ts';

type Given = Readonly<Record<string, unknown>>;

const SEARCH_KEYS = ['query', 'scope', 'limit', 'perUser', 'timeoutMs', 'maxWaitMs', 'filter', 'priority'];
const SHOWN: Readonly<Record<string, string>> = { timeoutMs: 'timeout', maxWaitMs: 'ttl' };
const FILTER_KEYS = ['terms', 'users', 'patterns', 'sample'];
const PRIORITIES = ['reply', 'ordinary', 'bulk'] as const;
const ATTRIBUTES = ['bitrate', 'duration', 'sampleRate', 'bitDepth'] as const;
const MAX_FILES = 300;
const MAX_PATH = 1000;
const MAX_U32 = 0xffff_ffff;

/** Options of a search from a plugin, of which nothing has been checked. What they may be is the search's business. */
export function readSearchOptions(value: unknown): WireSearchOptions {
  const given = record(value, 'bot.search');
  checkKnownKeys(given, SEARCH_KEYS, 'bot.search', SHOWN);
  const { query, scope, filter, priority } = given;
  if (typeof query !== 'string') throw invalid('bot.search: query must be a text');
  for (const key of ['limit', 'perUser', 'timeoutMs', 'maxWaitMs']) {
    if (given[key] !== undefined && typeof given[key] !== 'number')
      throw invalid(`bot.search: ${SHOWN[key] ?? key} must be a number`);
  }
  if (priority !== undefined && !PRIORITIES.some((known) => known === priority))
    throw invalid(`bot.search: priority must be one of ${PRIORITIES.join(', ')}`);
  if (filter !== undefined) record(filter, 'bot.search: filter');
  return {
    ...(given as unknown as WireSearchOptions),
    ...(scope !== undefined && { scope: scopeOf(scope) }),
  };
}

/** Which requests a plugin wants, of which nothing has been checked but that it is plain. */
export function readRequestFilter(value: unknown, what: string): SearchRequestFilter {
  const given = record(value, what);
  checkKnownKeys(given, FILTER_KEYS, what, SHOWN);
  for (const key of ['terms', 'users', 'patterns']) {
    const list = given[key];
    if (list !== undefined && !(Array.isArray(list) && list.every((entry) => typeof entry === 'string')))
      throw invalid(`${what}: ${key} must be a list of texts`);
  }
  if (given['sample'] !== undefined && typeof given['sample'] !== 'number')
    throw invalid(`${what}: sample must be a number`);
  return given;
}

/** What a plugin wants of a stream, and how. */
export function readBatch(value: unknown, what: string): WireBatch {
  const given = record(value, what);
  const { filter, hashUsers, batchMs, maxBatch } = given;
  if (hashUsers !== undefined && typeof hashUsers !== 'boolean')
    throw invalid(`${what}: hashUsers must be true or false`);
  for (const [name, number] of Object.entries({ 'batch.ms': batchMs, 'batch.max': maxBatch })) {
    if (number !== undefined && typeof number !== 'number')
      throw invalid(`${what}: ${name} must be a number`);
  }
  return { ...given, filter: readRequestFilter(filter, what) };
}

/** Files of an answer. @throws PluginError `invalid` naming the first that cannot be offered. */
export function readFiles(value: unknown): readonly OfferedFile[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value))
    throw invalid('what bot.answerSearches answers must be a list of files, or nothing');
  return value.slice(0, MAX_FILES).map((entry, index) => readFile(entry, `file ${index + 1} of the answer`));
}

function readFile(value: unknown, what: string): OfferedFile {
  const { path, size, attributes, locked } = record(value, what);
  if (typeof path !== 'string' || path === '' || path.length > MAX_PATH)
    throw invalid(`${what}: path must be a text of 1 to ${MAX_PATH} characters`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw invalid(`${what}: size must be a whole number of bytes`);
  if (locked !== undefined && typeof locked !== 'boolean')
    throw invalid(`${what}: locked must be true or false`);
  return {
    path,
    size,
    ...(attributes !== undefined && { attributes: attributesOf(attributes, what) }),
    ...(locked !== undefined && { locked }),
  };
}

function attributesOf(value: unknown, what: string): FileAttributes {
  const given = record(value, `${what}: attributes`);
  checkKnownKeys(given, [...ATTRIBUTES, 'vbr'], `${what}: attributes`);
  for (const key of ATTRIBUTES) {
    const number = given[key];
    if (number !== undefined && !(typeof number === 'number' && number >= 0 && number <= MAX_U32))
      throw invalid(`${what}: ${key} must be a number from 0 to ${MAX_U32}`);
  }
  if (given['vbr'] !== undefined && typeof given['vbr'] !== 'boolean')
    throw invalid(`${what}: vbr must be true or false`);
  return given;
}

function scopeOf(scope: unknown): SearchScope {
  if (scope === 'network') return scope;
  if (typeof scope === 'object' && scope !== null) {
    const entries = Object.entries(scope);
    const [key, name] = entries[0] ?? [];
    if (entries.length === 1 && typeof name === 'string' && name !== '') {
      if (key === 'room') return { room: name };
      if (key === 'user') return { user: name };
    }
  }
  throw invalid('bot.search: scope must be "network", { room: NAME } or { user: NAME }');
}

function record(value: unknown, what: string): Given {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Given;
  throw invalid(`${what} must be an object`);
}

const invalid = (message: string): PluginError => new PluginError('invalid', message);
