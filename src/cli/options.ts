import { type Command, InvalidArgumentError, Option } from 'commander';

/** A TCP port; 0 means any free one. */
export function portOption(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('It is a whole number from 0 to 65535.');
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
