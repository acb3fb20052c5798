import { existsSync, readFileSync } from 'node:fs';

/** One call of the plugin's handler, written down before anything else happened in it. */
export interface Handling {
  /** The event's id. */
  readonly id: string;
  readonly user: string;
  readonly text: string;
  readonly redelivered: boolean;
}

/** Everything that was written down. A line that the kill cut short counts as not written. */
export function readEvidence(path: string): readonly Handling[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Handling];
      } catch {
        return [];
      }
    });
}

/** Counts checks, and keeps what those that failed had to say. */
export class Checks {
  passed = 0;
  readonly failures: string[] = [];

  check(holds: boolean, otherwise: () => string): void {
    if (holds) this.passed += 1;
    else this.failures.push(otherwise());
  }

  get failed(): number {
    return this.failures.length;
  }
}
