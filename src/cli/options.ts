import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../plugins/api/duration.ts';

/** A TCP port; 0 means any free one. */
export function portOption(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('It is a whole number from 0 to 65535.');
}

/** A length of time in milliseconds, above nothing. */
export function durationOption(value: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('It is a length of time, such as 30m, 1h or 7d.');
}

/** `--config`, the same for every command that has it. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'the config').default('config.yaml').env('SEEKEEPER_CONFIG');
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** What every `addXCommand` takes. */
export type AddCommand = (program: Command, finish: (code: number) => void) => void;
