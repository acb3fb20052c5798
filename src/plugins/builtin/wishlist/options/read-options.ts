import { nearestKey } from '../../../api/index.ts';
import { ValueError } from './codec.ts';
import { BY_KEY, OPTIONS, type OptionSpec } from './option-specs.ts';
import { queryOf } from './query.ts';
import { partsOf, unquoted, WordsError, wordsOf } from './words.ts';

/** What an option was given; no parts: take it away. */
export interface Given {
  readonly spec: OptionSpec;
  readonly parts: readonly string[];
}

/** What somebody typed: a query, and options by key. */
export interface Typed {
  /** Empty when there was none. */
  readonly query: string;
  readonly given: readonly Given[];
}

/** Reads a line such as `rare ep -live ext=flac min=320`. @throws WordsError with a sentence for people. */
export function readLine(line: string): Typed {
  const words: string[] = [];
  const given: Given[] = [];
  for (const { raw, option } of wordsOf(line)) {
    if (option === undefined) words.push(raw);
    else given.push(readOption(specOf(option.key), option.value));
  }
  return { query: words.length === 0 ? '' : queryOf(words), given: merged(given) };
}

/** The option of that name. @throws WordsError that names the nearest one. */
export function specOf(key: string): OptionSpec {
  const spec = BY_KEY.get(key);
  if (spec !== undefined) return spec;
  const near = nearestKey(key, BY_KEY.keys());
  const hint = near === undefined ? 'in quotes it is a word to search for' : `did you mean ${near}=?`;
  throw new WordsError(`there is no option ${key.slice(0, 40)}=; ${hint}`);
}

/** An option's value as it was typed, or as a cell of a table has it. */
export function readOption(spec: OptionSpec, value: string): Given {
  return {
    spec,
    parts: spec.codec.kind === 'list' ? partsOf(value) : [unquoted(value)].filter((part) => part !== ''),
  };
}

/** Several of one option become one. @throws WordsError for an option that is given twice, or is at odds with another. */
export function merged(given: readonly Given[]): readonly Given[] {
  const all = new Map<OptionSpec, Given>();
  for (const { spec, parts } of given) {
    const before = all.get(spec);
    if (before !== undefined && spec.codec.kind === 'one')
      throw new WordsError(`${spec.key}= is given twice`);
    const rival = [...all.keys()].find(
      (other) => other !== spec && other.path.join('.') === spec.path.join('.'),
    );
    if (rival !== undefined) throw new WordsError(`${rival.key}= and ${spec.key}= exclude each other`);
    all.set(spec, { spec, parts: [...(before?.parts ?? []), ...parts] });
  }
  return [...all.values()];
}

/** Values by path, as `bot.wishlist` takes them. */
export type Settings = { readonly [key: string]: unknown };

/**
 * Puts what was given into settings.
 * @param at now; undefined where nothing may count from it.
 * @throws WordsError for a value that does not fit.
 */
export function applied(settings: Settings, given: readonly Given[], at: number | undefined): Settings {
  return given.reduce(
    (result, { spec, parts }) => withPath(result, spec.path, readValue(spec, parts, at)),
    settings,
  );
}

function readValue(
  { key, codec, example }: OptionSpec,
  parts: readonly string[],
  at: number | undefined,
): unknown {
  if (parts.length === 0) return undefined;
  if (parts.length > 1 && codec.kind === 'one') throw new WordsError(`${key}= takes one value`);
  try {
    return codec.read(parts, at);
  } catch (error) {
    if (error instanceof ValueError) throw new WordsError(`${key}= ${error.message} (${example})`);
    throw error;
  }
}

function withPath(settings: Settings, [step, ...rest]: readonly string[], value: unknown): Settings {
  const { [step!]: old, ...others } = settings;
  const next = rest.length === 0 ? value : withPath((old ?? {}) as Settings, rest, value);
  const empty = next === undefined || (rest.length > 0 && Object.keys(next as object).length === 0);
  return empty ? others : { ...others, [step!]: next };
}

/** What settings say, option by option, in the order of the table. */
export function givenBy(settings: Settings): Given[] {
  return OPTIONS.flatMap((spec) => {
    const value = spec.path.reduce<unknown>(
      (at, step) => (typeof at === 'object' && at !== null ? (at as Settings)[step] : undefined),
      settings,
    );
    const parts = value === undefined || value === null ? undefined : spec.codec.write(value);
    return parts === undefined || parts.length === 0 ? [] : [{ spec, parts }];
  });
}
